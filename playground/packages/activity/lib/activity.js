/**
 * How often each picture was looked at, by its id, over all days.
 * @param {Iterable<readonly [string, unknown]>} entries Keys and values of the events storage.
 * @returns {Map<number, number>}
 */
export function countVisits(entries) {
  const counts = new Map()
  for (const [key, value] of entries) {
    if (!key.startsWith('day/')) continue
    const visits = /** @type {readonly { readonly picture: number }[]} */ (value)
    for (const { picture } of visits) counts.set(picture, (counts.get(picture) ?? 0) + 1)
  }
  return counts
}
