import type { Id } from '../graph/manifest.ts'
import { namesOf } from '../graph/plan/closed.ts'
import { MigrationError } from '../runtime/errors.ts'
import { loadMigration } from '../runtime/load.ts'
import { catchUp } from '../runtime/migrate.ts'
import { settling } from '../runtime/plan.ts'
import type { Run } from '../runtime/run.ts'
import { survey } from '../runtime/survey.ts'
import { rehearse } from '../runtime/traits/rehearse.ts'
import { readHeads, situationIn } from './read.ts'
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
 * @throws PlanError `MIG_R0401`, `MIG_R0402`, `MIG_R0410`, MigrationError `MIG_R0204` while committed work is not settled:
 * the checks would not see it, `MIG_R0212` where a check ended its transaction: its storage waits for somebody to say what
 * came of that
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
  const asked = ids && namesOf(situationIn(run, survey(run).history), ids)
  const verified: Verified[] = []
  for (const [position, bound] of run.migrations.entries()) {
    const { migration, committer } = bound
    const isAsked = migration.has.includes('verify') && asked?.[position] !== 0
    if (!isAsked || standingNames(bound).length === 0) continue
    const { verify } = await loadMigration(bound)
    const about = { id: migration.id, target: committer.name }
    if (!verify) continue
    try {
      await rehearse(run, bound, verify)
      verified.push({ ...about, ok: true })
    } catch (error) {
      if (Object(error).code === 'MIG_R0212') throw error
      verified.push({ ...about, ok: false, error })
    }
  }
  return verified
}
