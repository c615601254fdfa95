import { assertNothingOpen } from '../runtime/identity.ts'
import { catchUp } from '../runtime/migrate.ts'
import { stopIfAborted } from '../runtime/patience.ts'
import { type Run, overtakings } from '../runtime/run.ts'
import { type Survey, survey } from '../runtime/survey.ts'
import { endHalves } from './halves.ts'
import type { Action } from './report.ts'
import { firstActions } from './work.ts'

/**
 * All logs as of one moment, with nothing staged open and nothing half taken back. A dry run looks at them as they are.
 *
 * @param actions takes what had to be done for that, or would have to be
 */
export async function endedSurvey(run: Run, actions: Action[], dryRun: boolean): Promise<Survey> {
  return settledSurvey(run, actions, dryRun, true)
}

/** The same, for what runs nothing: what is half taken back stays as it is. */
export async function settledSurvey(
  run: Run,
  actions: Action[],
  dryRun: boolean,
  ends: boolean = false,
): Promise<Survey> {
  for (;;) {
    stopIfAborted(run.signal)
    await catchUp(run)
    const first = firstActions(run, ends)
    const known = overtakings(run)
    if (!dryRun) {
      if (run.deferred) await run.deferred.settleOpen(run)
      else assertNothingOpen(run.state)
      if (ends && overtakings(run) === known) await endHalves(run)
    }
    if (overtakings(run) !== known) continue
    actions.push(...first)
    return survey(run)
  }
}
