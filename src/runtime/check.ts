import type { Manifest } from '../graph/manifest.ts'
import { enforce } from './enforce.ts'
import { MigrationError, withDetails } from './errors.ts'
import { catchUp, isUpToDate } from './migrate.ts'
import type { Options, Result } from './options.ts'
import { settling } from './plan.ts'
import { createRun, idsOf } from './run.ts'
import { survey } from './survey.ts'

export interface CheckOptions<Name extends string = string> extends Options<Name> {
  /**
   * What to do about migrations that others have still to apply: `wait` for them as long as `wait` says, `fail`, or
   * `serve` with them in `pending`. @default 'wait'
   */
  readonly onPending?: 'wait' | 'fail' | 'serve'
}

/**
 * For an application that leaves its migrations to another process: resolves when everything that this build requires is
 * applied and in place. Runs nothing, changes nothing, and costs what a boot of `migrate` costs. With `state: 'none'` it
 * asks the probes, each in a transaction that is rolled back.
 *
 * @throws MigrationError `MIG_R0112` where it is not to wait, `MIG_R0205` when it has waited in vain, and where `migrate`
 * would refuse to start
 */
export async function check<Name extends string>(
  manifest: Manifest,
  source: CheckOptions<Name> | (() => CheckOptions<Name>),
): Promise<Result> {
  const options = typeof source === 'function' ? source() : source
  const run = createRun(manifest, options)
  const { onPending = 'wait' } = options
  const resultOf = (outcome: Result['outcome'], pending: Result['pending'] = []): Result => {
    return { outcome, applied: [], pending, findings: run.findings }
  }
  if (await isUpToDate(run)) return resultOf('current')
  let done: Result['outcome'] = 'current'
  let pending: Result['pending'] = []
  const look = async (): Promise<true | undefined> => {
    await catchUp(run)
    const { history, runnable } = survey(run)
    enforce(run, history.findings)
    if (history.findings.some(({ kind }) => kind === 'unknown')) done = 'ahead'
    const awaited = (await run.traits?.awaited(run, runnable)) ?? runnable
    // Committed, but not in place yet: whoever runs next settles it.
    pending = [...settling(run), ...idsOf(awaited.map(({ migration }) => migration))]
    return pending.length === 0 || undefined
  }
  if (await look()) return resultOf(done)
  if (onPending === 'serve') return resultOf('pending', pending)
  const error = new MigrationError('MIG_R0112', `pending: ${pending.length}`, { id: pending[0], notApplied: pending })
  if (onPending === 'fail') throw error
  try {
    await run.state.patiently(look)
  } catch (failure) {
    throw withDetails(failure, { notApplied: pending, cause: error })
  }
  return resultOf(done)
}
