import type { BoundMigration } from '../runtime/binding.ts'
import { record } from '../runtime/record.ts'
import { type Run, overtakings } from '../runtime/run.ts'
import { isWithoutLog } from '../runtime/without-log/storage.ts'
import { runMigration } from '../runtime/unit.ts'
import { establish } from './establish.ts'
import type { Action } from './report.ts'
import { takeBack } from './take-back.ts'
import { type Work, changeOf } from './work.ts'

/**
 * First what goes, one after the other, then what comes, side by side where that is possible.
 *
 * @param actions takes what was done, what was done before a failure too
 * @returns `overtaken` where another process was first somewhere
 */
export async function workOff(run: Run, work: Work, actions: Action[]): Promise<'done' | 'overtaken'> {
  const { down, up, complete } = work
  const known = overtakings(run)
  const isOvertaken = (): boolean => overtakings(run) !== known
  const ids = [...down.map(({ bound }) => bound), ...up].map(({ migration }) => migration.id)
  run.planned = new Set(ids)
  if (ids.length > 0) {
    await run.emit({ type: 'planned', pending: ids })
    await establish(run)
    if (!isOvertaken()) await record(run, false)
  }
  const takeAllBack = async (isLost: () => boolean): Promise<void> => {
    for (const reversal of down) {
      // Somebody else may have begun meanwhile: plan again, behind him.
      if (isLost()) run.state.overtakings++
      if (isOvertaken()) return
      const before = run.applied.length
      await takeBack(run, reversal, actions)
      if (run.applied.length === before) continue
      actions.push(changeOf('down', work, reversal.bound))
      run.planned.delete(reversal.bound.migration.id)
    }
    if (!isOvertaken()) await applyAll(run, up, complete, (bound) => actions.push(changeOf('up', work, bound)))
  }
  // Elsewhere the logs of the targets tell, and a lease would save nothing: what is taken back is not what boots wait for.
  const needsLease = down.length > 0 && run.targets.some(isWithoutLog)
  if (needsLease && run.several && !isOvertaken()) await run.several.withLease(run, takeAllBack)
  else if (!isOvertaken()) await takeAllBack(() => false)
  if (!isOvertaken() && complete && run.state.genesis) await record(run, true)
  return isOvertaken() ? 'overtaken' : 'done'
}

async function applyAll(
  run: Run,
  up: readonly BoundMigration[],
  complete: boolean,
  note: (bound: BoundMigration) => void,
): Promise<void> {
  const known = overtakings(run)
  const before = run.applied.length
  const alone = run.traits?.run ?? runMigration
  const runOne = run.scripts?.({ runnable: up, complete }, alone) ?? alone
  try {
    if (run.several) return await run.several.runAll(run, up, runOne, complete)
    for (const [index, bound] of up.entries())
      if (overtakings(run) === known) await runOne(run, bound, complete && index === up.length - 1)
  } finally {
    const done = new Set(run.applied.slice(before).map(({ id }) => id))
    for (const bound of up) if (done.has(bound.migration.id)) note(bound)
  }
}
