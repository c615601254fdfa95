import type { BoundMigration } from '../runtime/binding.ts'
import type { MarkData } from '../runtime/entry.ts'
import { type Run, draft, recordFields } from '../runtime/run.ts'
import type { Storage } from '../runtime/storage.ts'

/** That a migration is to count as applied on its target, or as not applied. */
export interface Mark {
  readonly bound: BoundMigration
  readonly applied: boolean
}

/** Marks that belong into one log. */
export interface Marking {
  readonly storage: Storage
  readonly marks: readonly Mark[]
}

/** Appends them, all or none. `taken`: plan again. */
export async function appendMarks(
  run: Run,
  { storage, marks }: Marking,
  { reason, who = null }: { readonly reason: string; readonly who?: string | null },
): Promise<'appended' | 'taken'> {
  const fields = {
    target: storage.target ?? '',
    open: storage.last?.open ?? 0,
    ...recordFields(run, storage, false, [{ kind: 'mark' }]),
  }
  return storage.append(
    marks.map(({ bound: { migration }, applied }) => {
      const { id, hash } = migration
      const data: MarkData = { applied, reason, who }
      const generation = (storage.standing().get(id)?.generation ?? 0) + 1
      return draft({ kind: 'mark', id, generation, hash, data, ...fields })
    }),
  )
}
