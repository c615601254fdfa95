import type { Entry } from '../runtime/entry.ts'
import { upData } from '../runtime/entry-data.ts'
import type { Run } from '../runtime/run.ts'
import type { Storage } from '../runtime/storage.ts'
import type { Action } from './report.ts'

/**
 * What a state store lacks of what the bound targets went through. Markers are the truth.
 *
 * @param known another log that may have it as well
 */
export function missingRecords({ targets, state }: Run, known: Storage = state): readonly Entry[] {
  return targets.flatMap(({ target: own, entries }) =>
    own === state.target
      ? []
      : entries.filter((entry) => entry.target === own && isNewer(entry, state) && isNewer(entry, known)),
  )
}

/** Whether a log knows less of an entry's migration than the entry tells. */
export function isNewer({ id, target, generation }: Entry, log: Storage): boolean {
  return generation > (log.standing(target).get(id ?? '')?.generation ?? 0)
}

/** The same entry as another log holds it: without staged work. */
export function recordOf(entry: Entry): Omit<Entry, 'serial'> {
  const { redo } = upData(entry) ?? {}
  return redo ? { ...entry, data: { ...upData(entry), redo: [] } } : entry
}

export function recordActions({ storages }: Run, entries: readonly Entry[]): readonly Action[] {
  const names = new Map(storages.map(({ target, name }) => [target, name]))
  return entries.map(({ id, target }) => ({ do: 'record', id: id ?? '', target: names.get(target) ?? target }))
}
