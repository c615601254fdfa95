import type { Id, Manifest } from '../graph/manifest.ts'
import { upData } from './entry-data.ts'
import { MigrationError, withDetails } from './errors.ts'
import { assertIdentity, assertSameInstallation, establish } from './identity.ts'
import type { Options, Result } from './options.ts'
import { stopIfAborted } from './patience.ts'
import { reconcile } from './reconcile.ts'
import { type Run, createRun, draft, idsOf, isCurrent, keyOf, recordFields } from './run.ts'
import { catchUp, overtakings } from './snapshot.ts'
import { type Survey, enforce, survey } from './survey.ts'
import { unboundWork } from './unbound-work.ts'
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
  if (manifest.migrations.length === 0) return resultOf(run, { outcome: 'current' })
  await Promise.all(run.binding.storages.map((storage) => storage.readHead()))
  assertSameInstallation(run)
  // The logs alone tell what of the held ones is applied.
  const isAnyHeld = manifest.migrations.some(({ held }) => held)
  if (!isAnyHeld && (await isCurrent(run))) return resultOf(run, { outcome: 'current' })
  const left = new Set<Id>()
  try {
    return await migrateAll(run, left)
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error
    const applied = run.applied.map(({ id }) => id)
    for (const id of applied) left.delete(id)
    throw withDetails(error, { applied, notApplied: [...left] })
  }
}

/** Plans from the logs and works the plan off; whenever another process was first, from the start. */
async function migrateAll(run: Run, left: Set<Id>): Promise<Result> {
  for (;;) {
    stopIfAborted(run.patience.signal)
    await catchUp(run)
    assertIdentity(run)
    const known = overtakings(run)
    await settleOpen(run)
    if (overtakings(run) !== known) continue
    const found = survey(run)
    left.clear()
    for (const id of idsOf([...found.runnable, ...found.waiting])) left.add(id)
    enforce(run, found.history.findings)
    if (isUntouched(run, found)) return resultOf(run, { outcome: 'current', survey: found })
    if (needsLogs(run, found) && (await establish(run)) === 'taken') continue
    if ((await reconcile(run)) === 'taken') continue
    if ((await workOff(run, found)) === 'overtaken') continue
    if ((await recordCurrent(run, found)) === 'taken') continue
    await run.binding.deferred?.discardOrphans(run)
    return resultOf(run, { outcome: outcomeOf(run, found), survey: found })
  }
}

/** Puts in place whatever committed entries announced and no run has settled yet. */
async function settleOpen(run: Run): Promise<void> {
  const { deferred, storages } = run.binding
  for (const storage of storages)
    for (const entry of storage.unsettled)
      if (deferred) await deferred.settleEntry(run, storage, entry, false)
      else throw unboundWork(entry, upData(entry).redo[0]?.target ?? '')
}

/** Settling and recording may read what others appended: then the rest of the plan may be done already. */
async function workOff(run: Run, found: Survey): Promise<'done' | 'overtaken'> {
  const planned = overtakings(run)
  for (const [index, bound] of found.runnable.entries()) {
    stopIfAborted(run.patience.signal)
    if (overtakings(run) !== planned) return 'overtaken'
    const complete = index === found.runnable.length - 1 && isComplete(found)
    if ((await runUnit(run, bound, complete)) === 'overtaken') return 'overtaken'
  }
  return 'done'
}

/** Nothing to run and nothing known: a run that changes nothing leaves no trace. */
function isUntouched(run: Run, found: Survey): boolean {
  return found.runnable.length === 0 && run.binding.storages.every(({ genesis }) => genesis === null)
}

/** To run something, or to write anew what a state store has lost. What only held migrations use is left alone. */
function needsLogs(run: Run, found: Survey): boolean {
  return found.runnable.length > 0 || run.binding.state.genesis === null
}

/**
 * Whether the work leaves the storages as this build wants them. Held migrations are no part of its digest, what waits
 * behind them is. A changed hash that a policy let pass is told at every boot, and stops one with a stricter policy.
 */
function isComplete({ history, waiting }: Survey): boolean {
  return waiting.every(({ migration }) => migration.held) && !history.findings.some(({ kind }) => kind === 'changed')
}

/** Makes the next boot cheap where the last entry does not do so already: the state's log ends with this build's key. */
async function recordCurrent(run: Run, found: Survey): Promise<'appended' | 'taken'> {
  const { state } = run.binding
  const hasKey = (await keyOf(run)) !== null
  if (!hasKey || !state.target || !isComplete(found) || (await isCurrent(run))) return 'appended'
  const fields = await recordFields(run, state, true)
  return state.append([draft({ kind: 'checked', target: state.target, ...fields })])
}

function outcomeOf(run: Run, found: Survey): Result['outcome'] {
  if (run.applied.length > 0) return 'migrated'
  return found.history.findings.some(({ kind }) => kind === 'unknown') ? 'ahead' : 'current'
}

function resultOf(run: Run, end: { readonly outcome: Result['outcome']; readonly survey?: Survey }): Result {
  const pending = idsOf(end.survey?.waiting ?? [])
  return { outcome: end.outcome, applied: run.applied, pending, findings: run.findings }
}
