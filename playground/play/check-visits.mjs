import { same } from './checks.mjs'
import { rowsOf } from './snapshot.mjs'

/** @typedef {import('./snapshot.mjs').Snapshot} Snapshot */

/**
 * Whether each visit of the older release's keys is a row now, and none is gone.
 * @param {Snapshot} before
 * @param {Snapshot} after
 */
export function visitProblems(before, after) {
  const settings = /** @type {{ readonly retentionDays: number }} */ (before.events?.get('settings'))
  return [
    ...same('visits', visitsIn(after), visitsOfKeys(before)),
    ...same('settings', rowsOf(after, 'activity_settings'), [{ retention_days: settings.retentionDays }]),
    ...same('keys that are left', [...(after.events ?? [])], []),
  ]
}

/**
 * Picture's id → how often it was looked at.
 * @param {Snapshot} snapshot
 */
export function countOfVisits(snapshot) {
  const counts = new Map()
  for (const { picture } of rowsOf(snapshot, 'visits')) counts.set(picture, (counts.get(picture) ?? 0) + 1)
  return counts
}

/** @param {Snapshot} snapshot */
function visitsIn(snapshot) {
  return rowsOf(snapshot, 'visits')
    .map(({ at, visitor, picture }) => `${at} ${visitor} ${picture}`)
    .toSorted()
}

/** @param {Snapshot} snapshot */
function visitsOfKeys({ events }) {
  return [...(events ?? [])]
    .filter(([key]) => key.startsWith('visitor/'))
    .flatMap(([key, value]) => {
      const visits = /** @type {readonly { readonly at: string, readonly picture: number }[]} */ (value)
      return visits.map(({ at, picture }) => `${at} ${key.slice('visitor/'.length)} ${picture}`)
    })
    .toSorted()
}
