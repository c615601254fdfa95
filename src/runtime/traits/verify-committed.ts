import type { BoundMigration } from '../binding.ts'
import { MigrationError, reasonOf } from '../errors.ts'
import type { Loaded } from '../load.ts'
import type { Run } from '../run.ts'
import { runUnit } from '../unit.ts'
import { conditional } from './conditions.ts'
import { rehearse } from './rehearse.ts'

/** Whether nothing can be read of what a migration writes before all of it is committed. */
export function isSentAtOnce({ committer }: BoundMigration): boolean {
  return committer.adapter.capabilities.atomic === 'batch'
}

/**
 * Runs a migration, and then its post-check, in a unit that is rolled back. It cannot refuse the change any more. Whoever
 * dies in between leaves it unasked, and so does whoever finds that another process was first.
 *
 * @throws MigrationError `MIG_R0243` where it fails: the migration is applied
 */
export async function runThenVerify(
  run: Run,
  bound: BoundMigration,
  { verify, ...loaded }: Loaded,
  complete: boolean,
): Promise<void> {
  const { id, traits } = bound.migration
  const before = new Set(run.applied)
  await runUnit(run, { kind: 'up', bound, complete, work: conditional(loaded, traits) })
  const own = run.applied.find((one) => one.id === id && !before.has(one))
  if (!own || !verify) return
  try {
    await rehearse(run, bound, verify)
  } catch (cause) {
    const { target, attempt } = own
    throw new MigrationError('MIG_R0243', `applied, but \`verify\` failed: ${reasonOf(cause)}`, {
      id,
      target,
      attempt,
      next: `mend what is wrong in a new migration, or take ${id} back; \`verify\` asks again`,
      cause,
    })
  }
}
