import type { KnownId } from '../graph/known-id.ts'
import type { Targets } from '../graph/plan/request.ts'
import { MigrationError, reasonOf } from '../runtime/errors.ts'
import type { Options } from '../runtime/options.ts'
import { type Run, idsOf } from '../runtime/run.ts'
import { carryOut } from './carry-out.ts'
import type { DryRun, Report } from './report.ts'

export interface UpOptions extends DryRun {
  /** Migrations to leave out. What needs them must be left out too. */
  readonly skip?: readonly KnownId[]
  /**
   * After a failure. `revert-run` takes back what this call applied, the latest first; where some of it could not be
   * taken back, nothing runs. @default what the options say, else 'stop'
   */
  readonly onFailure?: Options['onFailure'] | 'revert-run'
}

/** @throws PlanError, MigrationError as `migrate`; `MIG_R0121` where a failed run could not be taken back */
export async function up(
  start: (more?: Partial<Options>) => Run,
  targets: Targets,
  { dryRun = false, skip, onFailure }: UpOptions,
): Promise<Report> {
  const isReversible = onFailure === 'revert-run'
  const run = start(onFailure && !isReversible ? { onFailure } : {})
  const request = { direction: 'up', targets, ...(skip ? { skip } : {}) } as const
  try {
    return await carryOut(run, request, { dryRun, isReversible })
  } catch (error) {
    if (isReversible && run.applied.length > 0 && !run.signal.aborted) await revert(start(), run, error)
    throw error
  }
}

/** Its applied ones, and nothing that others have applied on top of them: then all of it stays. */
async function revert(run: Run, { applied }: Run, failure: unknown): Promise<void> {
  try {
    await carryOut(run, { direction: 'down', only: idsOf(applied) }, {})
  } catch (error) {
    throw new MigrationError('MIG_R0121', `${reasonOf(failure)}; and then: ${reasonOf(error)}`, {
      applied: idsOf(applied),
      cause: new AggregateError([failure, error]),
    })
  }
  if (failure instanceof MigrationError)
    Object.assign(failure, { applied: [], notApplied: [...idsOf(applied), ...failure.notApplied] })
}
