import { createHash } from 'node:crypto'
import { same } from '../checks.mjs'
import { postgresDatabase } from '../databases/postgres.mjs'
import { printTable } from '../print-table.mjs'
import { heading } from '../report.mjs'
import { MIGRATIONS, picturesIn, printInstances, statusOf } from './instances.mjs'
import { invoke } from './invoke.mjs'

/** @typedef {import('../checks.mjs').Checks} Checks */

/**
 * @param {Checks} checks
 * @param {string} bundle
 * @param {string} url
 * @param {string} files
 */
export async function tellOfColdStarts(checks, bundle, url, files) {
  const env = { DATABASE_URL: url, SHOP_FILES: files }
  heading('A cold start with all the work, one without any, and a second invocation of the same instance')
  const first = await invoke(bundle, env, ['/'])
  const before = await postgresDatabase(url).read()
  const pictures = picturesIn(first)
  const second = await invoke(bundle, env, ['/', ...pictures])
  const after = await postgresDatabase(url).read()
  printInstances([first, second])
  printTable('products', after.tables.get('products') ?? [], after.types.get('products'))

  checks.check('the first cold start applied everything in the order of the graph', [
    ...same('outcome', first.outcome, 'migrated'),
    ...same('applied', first.applied, MIGRATIONS),
  ])
  checks.check('the second applied nothing and wrote nothing', [
    ...same('outcome', [second.outcome, second.applied], ['current', []]),
    ...same('log', after.log, before.log),
  ])
  checks.check('both answered the products', [
    ...same('status', [...first.answers, ...second.answers].map(statusOf), Array(2 + pictures.length).fill(200)),
    ...same('body', second.answers[0]?.body, first.answers[0]?.body),
    ...same('number of products', pictures.length, 3),
  ])
  const hashes = second.answers
    .slice(1)
    .map(({ body }) => createHash('sha256').update(Buffer.from(body, 'base64')).digest('hex'))
  checks.check(
    'each picture is the bytes that its address names',
    same(
      'pictures',
      hashes.map((hash) => `/pictures/${hash}`),
      pictures,
    ),
  )
}
