import type { Id } from '../graph/manifest.ts'
import { MigrationError } from '../runtime/errors.ts'
import { loadMigration } from '../runtime/load.ts'
import { catchUp } from '../runtime/migrate.ts'
import { settling } from '../runtime/plan.ts'
import type { Run } from '../runtime/run.ts'
import { rehearse } from '../runtime/traits/rehearse.ts'
import { readHeads } from './read.ts'
import { standingNames } from './standing-names.ts'

/** What the post-check of an applied migration says now. */
export interface Verified {
  readonly id: Id
  readonly target: string
  readonly ok: boolean
  /** What it threw, where it is not. */
  readonly error?: unknown
}

/**
 * Runs `verify` of what is applied and has one, in the order of work, each in a unit that is rolled back.
 *
 * @param ids of these only, where given
 * @throws MigrationError `MIG_R0204` while committed work is not settled: the checks would not see it
 */
export async function verifyApplied(run: Run, ids: readonly Id[] | undefined): Promise<readonly Verified[]> {
  await readHeads(run)
  await catchUp(run)
  const [id] = settling(run)
  if (id !== undefined)
    throw new MigrationError('MIG_R0204', 'committed, but not settled', {
      id,
      next: 'start again, or `up`, then verify',
    })
  const verified: Verified[] = []
  for (const bound of run.migrations) {
    const { migration, committer } = bound
    const isAsked = migration.has.includes('verify') && ids?.includes(migration.id) !== false
    if (!isAsked || standingNames(bound).length === 0) continue
    const { verify } = await loadMigration(bound)
    const about = { id: migration.id, target: committer.name }
    if (!verify) continue
    try {
      await rehearse(run, bound, verify)
      verified.push({ ...about, ok: true })
    } catch (error) {
      verified.push({ ...about, ok: false, error })
    }
  }
  return verified
}
