export const uses = { events: 'kv' }

/**
 * One key per visitor, `visitor/<name>`, grows without end. One key per day and visitor, `day/<date>/<name>`, can be
 * dropped when it is old enough.
 * @param {import('unplugin-migrations/runtime').MigrationContext<{ events: 'kv' }>} context
 */
export async function up({ events, log }) {
  let visits = 0
  for await (const key of events.keys('visitor/')) {
    const visitor = key.slice('visitor/'.length)
    const seen = /** @type {readonly { readonly at: string, readonly picture: number }[]} */ (await events.get(key))
    for (const [date, ofThatDay] of byDate(seen)) await events.set(`day/${date}/${visitor}`, ofThatDay)
    await events.delete(key)
    visits += seen.length
  }
  log(`${visits} visits`)
}

/**
 * @template {{ readonly at: string }} Visit
 * @param {readonly Visit[]} visits
 * @returns {Map<string, Visit[]>}
 */
function byDate(visits) {
  const dates = new Map()
  for (const visit of visits) {
    const date = visit.at.slice(0, 10)
    const ofThatDay = dates.get(date)
    if (ofThatDay === undefined) dates.set(date, [visit])
    else ofThatDay.push(visit)
  }
  return dates
}
