import type { BoundMigration } from '../runtime/binding.ts'
import { markOf } from '../runtime/mark.ts'
import type { Run } from '../runtime/run.ts'
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
  return storage.append(() =>
    marks.map(({ bound: { migration }, applied }) => markOf(run, storage, migration, { applied, reason, who })),
  )
}
