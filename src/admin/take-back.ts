import type { Work } from '../runtime/load.ts'
import { record } from '../runtime/record.ts'
import { type Run, overtakings } from '../runtime/run.ts'
import { beginTakingBack, endTakingBack, goesBackInParts } from '../runtime/traits/half-taken-back.ts'
import { runUnit } from '../runtime/unit.ts'
import { announce } from './announce.ts'
import { appendMarks } from './marks.ts'
import { markingsForOneName } from './one-name.ts'
import type { Action } from './report.ts'
import type { Reversal } from './reversals.ts'
import { named, standingNames } from './standing-names.ts'
import { markActions } from './work.ts'

/**
 * Takes one migration back, under the id that the log has it under. Logs must be caught up, and all that depends on it
 * taken back. Where another process was first, the storages are overtaken: plan again.
 *
 * @param actions takes the marks that it needed
 */
export async function takeBack(run: Run, { bound, loaded }: Reversal, actions: Action[]): Promise<void> {
  const known = overtakings(run)
  const isOvertaken = (): boolean => overtakings(run) !== known
  for (const marking of markingsForOneName(run, bound)) {
    await appendMarks(run, marking, { reason: 'counted as applied under several ids' })
    if (isOvertaken()) return
    actions.push(...markActions(marking))
  }
  const [id = bound.migration.id] = standingNames(bound)
  if (!(await announce(run, bound.committer, [id]))) return
  const standing = named(bound, id)
  if (!goesBackInParts(run, standing, loaded))
    return runUnit(run, { kind: 'down', bound: standing, complete: false, work: workOf(loaded) })
  await beginTakingBack(run, standing)
  if (!isOvertaken()) await record(run, false)
  if (!isOvertaken()) await endTakingBack(run, standing, loaded)
}

function workOf({ down }: Reversal['loaded']): Work {
  return async (context) => {
    if (down) await down(context)
  }
}
