import { same } from './checks.mjs'

/** @typedef {import('./snapshot.mjs').Snapshot} Snapshot */

/**
 * Whether each visit is under its day, and none is gone.
 * @param {Snapshot} before
 * @param {Snapshot} after
 */
export function visitProblems(before, after) {
  const visitors = [...after.events.keys()].filter((key) => key.startsWith('visitor/'))
  return visitors
    .map((key) => `${key} is still there`)
    .concat(same('visits', visitsByDay(after.events, 'day/'), visitsByDay(before.events, 'visitor/')))
    .concat(same('settings', after.events.get('settings'), before.events.get('settings')))
}

/**
 * Every visit as `<date>/<visitor> <time> <picture>`, wherever it is kept.
 * @param {ReadonlyMap<string, unknown>} events
 * @param {'day/' | 'visitor/'} prefix
 */
function visitsByDay(events, prefix) {
  return [...events]
    .filter(([key]) => key.startsWith(prefix))
    .flatMap(([key, value]) => {
      const visits = /** @type {readonly { readonly at: string, readonly picture: number }[]} */ (value)
      return visits.map(({ at, picture }) => {
        const place = prefix === 'day/' ? key.slice(prefix.length) : `${at.slice(0, 10)}/${key.slice(prefix.length)}`
        return `${place} ${at} ${picture}`
      })
    })
    .toSorted()
}
