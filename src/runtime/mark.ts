import type { Entry, MarkData } from './entry.ts'
import { type Run, draft, recordFields } from './run.ts'
import type { Draft, Storage } from './storage.ts'

/**
 * An entry that says of a migration, whatever ran, that it is applied on a storage or not. No build is satisfied after it.
 * The log must be caught up.
 */
export function markOf(run: Run, storage: Storage, { id, hash }: Pick<Entry, 'id' | 'hash'>, data: MarkData): Draft {
  const generation = (storage.standing().get(id ?? '')?.generation ?? 0) + 1
  const about = { kind: 'mark', generation } as const
  const fields = { target: storage.target ?? '', ...recordFields(run, storage, false, [about]) }
  return draft({ ...about, id, hash, data, ...fields })
}
