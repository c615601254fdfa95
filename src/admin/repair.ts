import type { KnownId } from '../graph/known-id.ts'
import { namesOf } from '../graph/plan/closed.ts'
import { MigrationError } from '../runtime/errors.ts'
import { loadMigration } from '../runtime/load.ts'
import { catchUp } from '../runtime/migrate.ts'
import { record } from '../runtime/record.ts'
import { type Run, overtakings } from '../runtime/run.ts'
import { rehearse } from '../runtime/traits/rehearse.ts'
import { survey } from '../runtime/survey.ts'
import { type Marking, appendMarks } from './marks.ts'
import { situationIn } from './read.ts'
import { rebuildState } from './rebuild-state.ts'
import type { Action, Report, Statement } from './report.ts'
import { type Doubt, appendVerdict, doubtsIn, underLock } from './resolve.ts'
import { standingNames } from './standing-names.ts'
import { markActions } from './work.ts'

export interface Repair extends Statement {
  /** Applied with another hash: from here on the one that they have now is right. */
  readonly accept?: readonly KnownId[]
  /** What ended its own transaction counts as applied where the migration's `probe` says so, and else as not applied. */
  readonly fromMarkers?: boolean
}

/**
 * Appends what is missing, and says what is so. Nothing that is written changes.
 *
 * @throws PlanError `MIG_R0401`, MigrationError `MIG_R0212` where something is in doubt that nothing can be asked about
 */
export async function repair(run: Run, { accept = [], fromMarkers = false, ...statement }: Repair): Promise<Report> {
  const { dryRun = false } = statement
  const actions: Action[] = []
  if (fromMarkers) {
    const doubts = await doubtsIn(run)
    for (const doubt of doubts) actions.push(await settleDoubt(run, doubt, statement))
    // Logs in doubt cannot be read before somebody has said what came of it.
    if (dryRun && doubts.length > 0) return { dryRun, actions, findings: [] }
  }
  actions.push(...(await rebuildState(run, { dryRun })).actions)
  for (;;) {
    await catchUp(run)
    const known = overtakings(run)
    const markings = acceptances(run, accept)
    const steps = markings.flatMap(markActions)
    if (dryRun) return { dryRun, actions: [...actions, ...steps], findings: [] }
    for (const marking of markings) if (overtakings(run) === known) await appendMarks(run, marking, statement)
    if (markings.length > 0 && overtakings(run) === known) await record(run, false)
    if (overtakings(run) === known) return { dryRun, actions: [...actions, ...steps], findings: [] }
  }
}

/** Those of the named whose hash is another than the applied one. */
function acceptances(run: Run, accept: readonly KnownId[]): readonly Marking[] {
  const { history } = survey(run)
  const wanted = namesOf(situationIn(run, history), accept)
  const changed = new Set(history.findings.flatMap(({ kind, id }) => (kind === 'changed' ? id : [])))
  return run.migrations.flatMap((bound, place): readonly Marking[] => {
    const { migration, committer } = bound
    const [id] = standingNames(bound)
    if (wanted[place] !== 1 || id === undefined || !changed.has(migration.id)) return []
    return [{ storage: committer, marks: [{ bound: { ...bound, migration: { ...migration, id } }, applied: true }] }]
  })
}

async function settleDoubt(run: Run, doubt: Doubt, { reason, who, dryRun }: Statement): Promise<Action> {
  const { storage, entry } = doubt
  const { id, attempt } = entry
  const bound = run.migrations.find(({ migration }) => migration.id === id)
  const { probe } = bound && entry.kind !== 'step' ? await loadMigration(bound) : {}
  if (!bound || !probe || id === null)
    throw new MigrationError('MIG_R0212', 'ended its own transaction, and has no `probe` to ask', {
      id,
      attempt,
      target: storage.name,
      next: `look at what took effect, then resolve('${id}', 'applied' or 'not-applied', { attempt: '${attempt}', reason })`,
    })
  let applied = false
  const ask = async (): Promise<void> => {
    const work = async (context: Parameters<typeof probe>[0]): Promise<void> => {
      applied = await probe(context)
    }
    await rehearse(run, bound, work, entry.serial + 1)
    if (!dryRun) await appendVerdict(doubt, { applied, reason, who: who ?? null })
  }
  await (dryRun ? ask() : underLock(storage, ask))
  return { do: 'mark', id, target: storage.name, applied }
}
