import { printTable } from '../print-table.mjs'

/** @typedef {import('./invoke.mjs').Instance} Instance */

/** All that the shop and its packages have, in the order of the graph. */
export const MIGRATIONS = [
  '@acme/accounts:0001_init',
  '@acme/accounts:0002_display_name',
  '@acme/images:0001_init',
  '@acme/images:0002_caption',
  '@acme/images:0003_content_addressed',
  'shop:0001_products',
  'shop:0002_orders',
  'shop:0003_first_products',
]

/** @param {readonly Instance[]} instances */
export function printInstances(instances) {
  printTable(
    'instances',
    instances.map(({ outcome, applied, overtaken, answers, ms }, index) => ({
      instance: index + 1,
      outcome,
      applied: applied.length,
      overtaken,
      answers: answers.map(statusOf).join(' '),
      ms,
    })),
  )
}

/** @param {import('./lines.d.mts').Answer} answer */
export function statusOf({ statusCode }) {
  return statusCode
}

/**
 * Addresses of the pictures in the list of products.
 * @param {Instance | undefined} instance
 * @returns {readonly string[]}
 */
export function picturesIn(instance) {
  /** @type {readonly { readonly picture: string }[]} */
  const products = JSON.parse(instance?.answers[0]?.body ?? '[]')
  return products.map(({ picture }) => `/pictures/${picture}`)
}
