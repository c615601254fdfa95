import type { Manifest } from '../graph/manifest.ts'
import { enforce } from './enforce.ts'
import { withDetails } from './errors.ts'
import { assertEnvironment, assertHere, assertNothingOpen, establish } from './identity.ts'
import type { Options, Result } from './options.ts'
import { stopIfAborted } from './patience.ts'
import { record } from './record.ts'
import { type Run, createRun, idsOf, isCurrent, overtakings } from './run.ts'
import { type Survey, survey } from './survey.ts'
import { uniqueId } from './unique-id.ts'
import { runMigration } from './unit.ts'

/**
 * Applies what is pending. Any number of processes may call it at once: each migration takes effect once, and all of
 * them resolve when the work is done. With nothing to do it costs one small read per storage.
 *
 * @throws MigrationError with `applied` and `notApplied`; everything before the failed migration stays applied
 */
export async function migrate<Name extends string>(
  manifest: Manifest,
  options: Options<Name> | (() => Options<Name>),
): Promise<Result> {
  const run = createRun(manifest, options)
  try {
    const { history, waiting = [] }: Partial<Survey> = (await isUpToDate(run)) ? {} : await workOff(run)
    const isAhead = history?.findings.some(({ kind }) => kind === 'unknown')
    const outcome = run.applied.length > 0 ? 'migrated' : isAhead ? 'ahead' : 'current'
    await run.emit({ type: 'ended', outcome })
    const pending = idsOf(waiting.map(({ migration }) => migration))
    return { outcome, applied: run.applied, pending, findings: run.findings }
  } catch (error) {
    withDetails(error, { applied: idsOf(run.applied), notApplied: [...run.planned] })
    await run.emit({ type: 'failed', error })?.catch(() => {})
    throw error
  }
}

/** Whether there is nothing to do, from the last entries alone. @throws MigrationError `MIG_R0103` */
export async function isUpToDate(run: Run): Promise<boolean> {
  await (run.several?.readHeads(run) ?? run.state.readHead())
  assertEnvironment(run.state, run.options)
  return !run.traits?.needsLogs(run) && isCurrent(run)
}

/** Plans from the logs and works the plan off; whenever another process was first, from the start. */
async function workOff(run: Run): Promise<Survey> {
  for (;;) {
    stopIfAborted(run.signal)
    // Else nothing was there a moment ago: whoever began the log since then has taken the serial that this run wants.
    if (run.several || run.state.genesis || overtakings(run)) await catchUp(run)
    const known = overtakings(run)
    await (run.deferred?.settleOpen(run) ?? assertNothingOpen(run.state))
    if (overtakings(run) !== known) continue
    const found = survey(run)
    const { runnable, waiting, complete, history } = found
    run.planned = new Set(idsOf([...runnable, ...waiting].map(({ migration }) => migration)))
    enforce(run, history.findings)
    if (runnable.length > 0) {
      await run.emit({ type: 'planned', pending: [...run.planned] })
      await establishAll(run)
    }
    // Nothing to run and nothing known: a run that changes nothing leaves no trace.
    else if (run.storages.every(({ genesis }) => !genesis)) return found
    // What a state store has lost is written anew.
    else if (!run.state.genesis) await establishAll(run)
    const { several, traits, scripts } = run
    const alone = traits?.run ?? runMigration
    const runOne = scripts?.(found, alone) ?? alone
    for (const step of [
      () => record(run, false),
      ...(several
        ? [() => several.runAll(run, runnable, runOne, complete)]
        : runnable.map((bound, index) => () => runOne(run, bound, complete && index === runnable.length - 1))),
      () => record(run, complete),
    ])
      if (overtakings(run) === known) await step()
    if (overtakings(run) === known) {
      await run.deferred?.discardOrphans(run)
      return found
    }
  }
}

async function establishAll(run: Run): Promise<void> {
  await (run.several?.establishAll(run) ?? establish(run.state, run.options, uniqueId()))
}

/** Reads what others wrote, and whether it is what this run may go on with. @throws MigrationError `MIG_R0103` to `MIG_R0106`, `MIG_R0113` */
export async function catchUp(run: Run): Promise<void> {
  await (run.several?.catchUpAll(run) ?? run.state.catchUp())
  assertEnvironment(run.state, run.options)
  run.several?.assertIdentity(run)
  assertHere(run.state, run.state.entries)
}
