/**
 * How often each picture was looked at, by its id, over all days.
 * @param {import('./activity.js').Query} query
 * @returns {Promise<Map<number, number>>}
 */
export async function countVisits(query) {
  const rows = await query`select picture, cast(count(*) as integer) as visits from visits group by picture`
  return new Map(rows.map(({ picture, visits }) => [picture, visits]))
}
