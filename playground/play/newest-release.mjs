import { upsOf } from './check-data.mjs'
import { checkPage } from './check-page.mjs'
import { same } from './checks.mjs'
import { makeOlderData } from './older-data.mjs'
import { heading } from './report.mjs'
import { takeSnapshot } from './snapshot.mjs'
import { appliedBy, notCurrent, startSite } from './start-site.mjs'

/** @typedef {import('./installation.mjs').Installation} Installation */
/** @typedef {import('./checks.mjs').Checks} Checks */
/** @typedef {import('./snapshot.mjs').Snapshot} Snapshot */

const SQUASH = '@acme/activity:0004_in_sql'
const OF_ACTIVITY = /^@acme\/activity:/

/**
 * The newest release has neither the storage `events` nor the migrations that used it. On data that were moved it has
 * nothing to do.
 * @param {Checks} checks
 * @param {string} server
 * @param {Installation} installation Which the release before has migrated.
 */
export async function takeOverWithoutEvents(checks, server, installation) {
  heading('The newest release has no key-value storage: what is left of it is thrown away')
  await installation.events.remove()
  const before = await takeSnapshot(installation)
  const first = await startSite(server, installation)
  const after = await takeSnapshot(installation)
  checks.check('nothing ran: the squash stands for what the releases before applied', [
    ...notCurrent(first),
    ...same('migrations in the log', upsOf(after), upsOf(before)),
    ...same('tables', [...after.tables], [...before.tables]),
    ...same('key-value storage', after.events, null),
    ...failureOf(first),
  ])
  if (first.url === undefined) return
  await checkPage(checks, first.url, after)
  await first.stop()

  const second = await startSite(server, installation)
  checks.check('a second start writes nothing', [
    ...notCurrent(second),
    ...same('log', (await takeSnapshot(installation)).log, after.log),
  ])
  await second.stop()
}

/**
 * @param {Checks} checks
 * @param {string} server
 * @param {Installation} installation With nothing in it.
 */
export async function installNewest(checks, server, installation) {
  heading('It starts on empty storages')
  const started = await startSite(server, installation)
  const after = await takeSnapshot(installation)
  const ids = appliedBy(started).map(({ id }) => id)
  checks.check('of the activity component the squash alone ran, and no key-value storage came to be', [
    ...same(
      'applied',
      ids.filter((id) => OF_ACTIVITY.test(id)),
      [SQUASH],
    ),
    ...same('settings', after.tables.get('activity_settings'), [{ retention_days: 90 }]),
    ...same('key-value storage', after.events, null),
    ...failureOf(started),
  ])
  await started.stop()
}

/**
 * @param {Checks} checks
 * @param {string} server
 * @param {string} olderServer
 * @param {Installation} installation With nothing in it.
 */
export async function skipRelease(checks, server, olderServer, installation) {
  heading('It starts where the release in between was skipped')
  await makeOlderData(olderServer, installation)
  const before = await takeSnapshot(installation)
  const started = await startSite(server, installation)
  const after = await takeSnapshot(installation)
  checks.check('it refuses with MIG_R0305', [
    ...same('url', started.url, undefined),
    ...(started.failure.includes('MIG_R0305') ? [] : [started.failure]),
  ])
  checks.check('nothing is lost: rows, keys, files and the log are as they were', differences(before, after))
  await started.stop()
}

/** @param {import('./start-site.mjs').Started} started */
function failureOf({ url, failure }) {
  return url === undefined ? [failure] : []
}

/**
 * @param {Snapshot} before
 * @param {Snapshot} after
 */
function differences(before, after) {
  return [
    ...same('tables', [...after.tables], [...before.tables]),
    ...same('log', after.log, before.log),
    ...same('files', [...after.files], [...before.files]),
    ...same('keys', [...(after.events ?? [])], [...(before.events ?? [])]),
  ]
}
