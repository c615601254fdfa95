import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { startServer } from './processes.mjs'
import { createProgress } from './report.mjs'

/**
 * @typedef {object} Started
 * @property {string | undefined} url None: it has ended.
 * @property {string} failure Why.
 * @property {readonly Run[]} runs Of `migrate`, in order.
 * @property {() => Promise<void>} stop
 */

/** @typedef {Extract<import('./events.d.mts').ServerLine, { readonly type: 'migrated' }>} Run */

/**
 * Starts a built site, shows what it does, and waits until it listens or has failed.
 * @param {string} server
 * @param {import('./installation.mjs').Installation} installation
 * @returns {Promise<Started>}
 */
export async function startSite(server, installation) {
  const show = createProgress(await readManifest(server))
  /** @type {Run[]} */
  const runs = []
  let failure = 'it ended without a word'
  const { url, stop } = await startServer(server, { ...installation.env, PORT: '0' }, (line) => {
    show(line)
    if (line.type === 'migrated') runs.push(line)
    if (line.type === 'stopped') failure = line.message
  })
  return { url, failure, runs, stop }
}

/**
 * The manifest that was emitted beside a built server.
 * @param {string} server
 * @returns {Promise<import('./manifest.d.mts').EmittedManifest>}
 */
export async function readManifest(server) {
  return JSON.parse(await readFile(join(dirname(server), 'migrations.manifest.json'), 'utf8'))
}

/**
 * What all runs of a start applied.
 * @param {Started} started
 */
export function appliedBy({ runs }) {
  return runs.flatMap(({ applied }) => applied)
}

/**
 * Problems when a start did anything.
 * @param {Started} started
 */
export function notCurrent({ runs }) {
  const found = JSON.stringify(runs.map(({ instance, outcome, applied }) => [instance, outcome, applied.length]))
  return found === CURRENT ? [] : [`found ${found}, expected ${CURRENT}`]
}

const CURRENT = JSON.stringify([
  ['site', 'current', 0],
  ['avatars', 'current', 0],
])
