import type { Manifest } from '../graph/manifest.ts'
import { enforce } from './enforce.ts'
import { withDetails } from './errors.ts'
import { assertIdentity, assertSameInstallation, establish } from './identity.ts'
import type { Options, Result } from './options.ts'
import { stopIfAborted } from './patience.ts'
import { record } from './record.ts'
import { type Run, createRun, idsOf, isCurrent } from './run.ts'
import { catchUp, overtakings } from './snapshot.ts'
import { type Survey, survey } from './survey.ts'
import { assertNothingOpen } from './unbound-work.ts'
import { runUnit } from './unit.ts'

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
  if (manifest.migrations.length === 0) return resultOf(run)
  await Promise.all(run.storages.map((storage) => storage.readHead()))
  assertSameInstallation(run)
  // The logs alone tell what of the held ones is applied.
  if (!manifest.migrations.some(({ held }) => held) && isCurrent(run)) return resultOf(run)
  try {
    return await migrateAll(run)
  } catch (error) {
    throw withDetails(error, { applied: run.applied.map(({ id }) => id), notApplied: [...run.planned] })
  }
}

/** Plans from the logs and works the plan off; whenever another process was first, from the start. */
async function migrateAll(run: Run): Promise<Result> {
  for (;;) {
    stopIfAborted(run.signal)
    await catchUp(run)
    assertIdentity(run)
    const known = overtakings(run)
    if (run.deferred) await run.deferred.settleOpen(run)
    else assertNothingOpen(run)
    if (overtakings(run) !== known) continue
    const found = survey(run)
    run.planned = new Set(idsOf([...found.runnable, ...found.waiting]))
    enforce(run, found.history.findings)
    for (const step of stepsOf(run, found)) if (overtakings(run) === known) await step()
    if (overtakings(run) !== known) continue
    await run.deferred?.discardOrphans(run)
    return resultOf(run, found)
  }
}

/** What a plan takes, one after the other, as long as nobody else was first. */
function stepsOf(run: Run, { history, runnable, waiting }: Survey): readonly (() => Promise<unknown>)[] {
  // Nothing to run and nothing known: a run that changes nothing leaves no trace.
  if (runnable.length === 0 && run.storages.every(({ genesis }) => !genesis)) return []
  // To run something, or to write anew what a state store has lost. What only held migrations use is left alone.
  const needsLogs = runnable.length > 0 || !run.state.genesis
  // Whether the work leaves the storages as this build wants them. Held migrations are no part of its digest, what waits
  // behind them is. A changed hash that a policy let pass is told at every boot, and stops one with a stricter policy.
  const isComplete =
    waiting.every(({ migration }) => migration.held) && !history.findings.some(({ kind }) => kind === 'changed')
  return [
    async () => needsLogs && establish(run),
    () => record(run, false),
    ...runnable.map((bound, index) => () => runUnit(run, bound, isComplete && index === runnable.length - 1)),
    () => record(run, isComplete),
  ]
}

function resultOf({ applied, findings }: Run, found?: Survey): Result {
  const isAhead = found?.history.findings.some(({ kind }) => kind === 'unknown')
  const outcome = isAhead ? 'ahead' : 'current'
  return { outcome: applied.length > 0 ? 'migrated' : outcome, applied, pending: idsOf(found?.waiting ?? []), findings }
}
