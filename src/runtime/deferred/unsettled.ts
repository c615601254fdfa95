import type { Entry } from '../entry.ts'
import { settledData, upData } from '../entry-data.ts'
import type { Storage } from '../storage.ts'

interface Index {
  /** How many entries are in it. */
  known: number
  readonly places: Set<string>
}

const indexes = new WeakMap<Storage, Index>()

/** Own entries of a storage whose staged work is not in place, oldest first. */
export function unsettled(storage: Storage): readonly Entry[] {
  const settled = settledIn(storage)
  return storage.entries.filter(
    (entry) => entry.target === storage.target && upData(entry)?.redo?.length > 0 && !settled.has(placeOf(entry)),
  )
}

/** Whether a storage's log tells that what an entry announced is in place there. */
export function hasSettled(storage: Storage, announcing: Entry): boolean {
  return settledIn(storage).has(placeOf(announcing))
}

/** The places of all announcements that a log calls settled. Asked for each unit, so never by a look at all entries. */
function settledIn(storage: Storage): ReadonlySet<string> {
  const index = indexes.get(storage) ?? { known: 0, places: new Set<string>() }
  indexes.set(storage, index)
  for (const entry of storage.entries.slice(index.known))
    if (entry.kind === 'settled') index.places.add(placeOf(settledData(entry)))
  index.known = storage.entries.length
  return index.places
}

function placeOf({ target, serial }: Pick<Entry, 'target' | 'serial'>): string {
  return `${target}/${serial}`
}
