import type { BoundMigration } from '../binding.ts'
import { MigrationError, reasonOf, withDetails } from '../errors.ts'
import { loadMigration } from '../load.ts'
import { stopIfAborted } from '../patience.ts'
import { type Run, isCurrent } from '../run.ts'
import { conditional } from './conditions.ts'
import { isStateless } from './stateless.ts'
import { askStateless } from './stateless-unit.ts'

/**
 * What of the runnable ones others have still to apply. Nobody waits for what runs at the end of every run, nor, where the
 * state holds this build's key, for what a `when` has skipped. Without a state the probes are asked, and nothing is kept
 * of what they do.
 *
 * @throws MigrationError `MIG_R0201` where a probe fails, and nothing before it is missing
 */
export async function awaited(run: Run, runnable: readonly BoundMigration[]): Promise<readonly BoundMigration[]> {
  const due = runnable.filter(({ migration }) => migration.traits?.repeatable !== 'always')
  if (!isStateless(run)) return isCurrent(run) ? due.filter(({ migration }) => migration.held) : due
  const missing: BoundMigration[] = []
  const skipped = new Set<BoundMigration | undefined>()
  for (const bound of due) {
    stopIfAborted(run.signal)
    const isBehind = bound.migration.parents.some((index) => skipped.has(run.migrations[index]))
    const answer = isBehind ? 'skipped' : await ask(run, bound, missing.length > 0)
    if (answer === 'skipped') skipped.add(bound)
    if (answer === 'missing') missing.push(bound)
  }
  return missing
}

/** @param mayFail since what it looks for is made by one that is missing */
async function ask(run: Run, bound: BoundMigration, mayFail: boolean): Promise<'there' | 'missing' | 'skipped'> {
  const { when, probe } = await loadMigration(bound)
  try {
    const { probed } = Object(await askStateless(run, bound, conditional({ when, probe }))) as {
      readonly probed?: true
    }
    return probed ? 'there' : 'missing'
  } catch (cause) {
    const about = { id: bound.migration.id, target: bound.committer.name }
    if (cause instanceof MigrationError) {
      if (cause.code === 'MIG_R0308') return 'skipped'
      throw withDetails(cause, about)
    }
    if (mayFail) return 'missing'
    throw new MigrationError('MIG_R0201', `probe: ${reasonOf(cause)}`, { ...about, cause })
  }
}
