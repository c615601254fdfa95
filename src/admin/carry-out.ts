import type { HistoryFinding } from '../graph/history.ts'
import { enforce } from '../runtime/enforce.ts'
import { withDetails } from '../runtime/errors.ts'
import { type Run, idsOf } from '../runtime/run.ts'
import type { Survey } from '../runtime/survey.ts'
import { readHeads, situationIn } from './read.ts'
import type { Action, DryRun, Report } from './report.ts'
import { type Request, planRequest } from './request.ts'
import { Rest } from './rest.ts'
import { reversalsOf } from './reversals.ts'
import { endedSurvey } from './settled.ts'
import { actionsOf, workFor } from './work.ts'
import { workOff } from './work-off.ts'

/** How a request is carried out. */
export interface Manner extends DryRun {
  /** Whether all that is pending may have to be taken back again: then what cannot be is refused at once. */
  readonly isReversible?: boolean
}

/**
 * Plans from the logs and works the plan off; whenever another process was first, from the start, as long as nothing was
 * done. What has begun is ended as it was planned, with what came between.
 *
 * @throws PlanError, MigrationError with `applied` (changed by this run, taken back too) and `notApplied`
 */
export async function carryOut(
  run: Run,
  request: Request,
  { dryRun = false, isReversible = false }: Manner,
): Promise<Report> {
  const actions: Action[] = []
  const isWhole = request.direction === 'up' && 'targets' in request && request.targets === 'heads' && !request.skip
  try {
    await readHeads(run)
    for (let rest: Rest | undefined; ;) {
      const found = await endedSurvey(run, actions, dryRun)
      const situation = situationIn(run, found.history)
      const plan = rest ? rest.plan(situation) : planRequest(situation, request)
      enforceFor(run, found, plan.down.length > 0)
      const work = await workFor(run, found, situation, plan, isWhole)
      if (isReversible) await reversalsOf(work.up)
      if (dryRun) return { dryRun, actions: [...actions, ...actionsOf(run, work)], findings: run.findings }
      const before = actions.length
      if ((await workOff(run, work, actions)) === 'done') break
      if (actions.length > before) rest ??= new Rest(plan, request.direction === 'redo')
      rest?.without(actions.slice(before))
    }
    await run.deferred?.discardOrphans(run)
    await run.emit({ type: 'ended', outcome: actions.length > 0 ? 'migrated' : 'current' })
    return { dryRun, actions, findings: run.findings }
  } catch (error) {
    withDetails(error, { applied: idsOf(run.applied), notApplied: [...run.planned] })
    if (!dryRun) await run.emit({ type: 'failed', error })?.catch(() => {})
    throw error
  }
}

/**
 * Code that is not here may depend on what goes, of a package that this build does not have too. An inconsistent history
 * may be what is to be mended.
 */
function enforceFor(run: Run, { history }: Survey, takesBack: boolean): void {
  if (!takesBack) return enforce(run, history.findings)
  const options = { ...run.options, unknown: run.options.unknown ?? 'error' }
  const kinds = new Set(['unbound', 'changed', 'unknown'])
  const findings = history.findings.filter(({ kind }) => kinds.has(kind))
  enforce({ ...run, options }, [...findings, ...foreign(run, history)])
}

/** Applied, of packages that this build does not have. */
function foreign({ manifest, targets }: Run, { replaced, findings }: Survey['history']): readonly HistoryFinding[] {
  const known = new Set([
    ...manifest.migrations.flatMap(({ id, formerly }) => [id, ...formerly]),
    ...findings.map(({ id }) => id),
    ...replaced,
  ])
  const ids = targets.flatMap((storage) => storage.applied())
  return ids.flatMap((id) => (known.has(id) ? [] : { kind: 'unknown', id }))
}
