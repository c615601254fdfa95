import type { GraphPlan } from '../graph/plan/plan.ts'
import { planMigrations } from '../graph/plan/plan.ts'
import type { PlanRequest } from '../graph/plan/request.ts'
import { enforce } from '../runtime/enforce.ts'
import { record } from '../runtime/record.ts'
import type { BoundMigration } from '../runtime/binding.ts'
import { type Run, overtakings } from '../runtime/run.ts'
import { voidIntents } from '../runtime/several/intents.ts'
import { halfTakenBack } from '../runtime/traits/half-taken-back.ts'
import { announce } from './announce.ts'
import { establish } from './establish.ts'
import { halves } from './halves.ts'
import { type Mark, type Marking, appendMarks } from './marks.ts'
import { markingsForOneName } from './one-name.ts'
import { readHeads, situationIn } from './read.ts'
import type { Action, Report, Statement } from './report.ts'
import { settledSurvey } from './settled.ts'
import { named, standingNames } from './standing-names.ts'
import { markActions } from './work.ts'

/**
 * Marks without running: what the request takes back as not applied, what it applies as applied. Again and again where
 * other processes write meanwhile.
 *
 * @throws PlanError, MigrationError
 */
export async function markAll(run: Run, request: PlanRequest, statement: Statement): Promise<Report> {
  const { dryRun = false } = statement
  const actions: Action[] = []
  try {
    await readHeads(run)
    for (;;) {
      const { history } = await settledSurvey(run, actions, dryRun)
      enforce(
        run,
        history.findings.filter(({ kind }) => kind === 'unbound'),
      )
      const situation = situationIn(run, history)
      const planned = planMigrations(situation, request)
      const markings = markingsFor(run, planned, endedHalves(run, planned, request))
      if (dryRun) return { dryRun, actions: [...actions, ...markings.flatMap(markActions)], findings: run.findings }
      if (await write(run, markings, statement, actions)) break
    }
    await run.emit({ type: 'ended', outcome: actions.length > 0 ? 'migrated' : 'current' })
    return { dryRun, actions, findings: run.findings }
  } catch (error) {
    if (!dryRun) await run.emit({ type: 'failed', error })?.catch(() => {})
    throw error
  }
}

interface Single {
  readonly storage: Marking['storage']
  readonly mark: Mark
}

/**
 * What is half taken back is neither applied nor gone, and whoever marks it says which: nobody goes on taking it back then.
 *
 * @returns it under the id that the log has it under
 */
function endedHalves(run: Run, { up }: GraphPlan, { direction }: PlanRequest): readonly BoundMigration[] {
  const coming = new Set(up.map(({ position }) => run.migrations[position]))
  return halves(run).flatMap((bound) => {
    const half = halfTakenBack(bound)
    if (!half || (!coming.has(bound) && direction !== 'stamp')) return []
    return coming.has(bound) && half.migration.id === bound.migration.id ? [] : [half]
  })
}

/** One after the other what belongs into one log, so that whatever is there at any moment is a whole history. */
function markingsFor(run: Run, { down, up }: GraphPlan, ended: readonly BoundMigration[]): readonly Marking[] {
  const leaving = down.flatMap(({ position }) => run.migrations[position] ?? [])
  const coming = up.flatMap(({ position }) => run.migrations[position] ?? [])
  const marked = (bound: BoundMigration, applied: boolean): Single => ({
    storage: bound.committer,
    mark: { bound, applied },
  })
  const singles: readonly Single[] = [
    ...ended.map((bound) => marked(bound, false)),
    ...leaving.flatMap((bound) => notApplied(run, bound)),
    ...coming.map((bound) => marked(bound, true)),
  ]
  const markings: { storage: Marking['storage']; marks: Mark[] }[] = []
  for (const { storage, mark } of singles) {
    const last = markings.at(-1)
    if (last && last.storage === storage && last.marks.at(-1)?.applied === mark.applied) last.marks.push(mark)
    else markings.push({ storage, marks: [mark] })
  }
  return markings
}

/** What a squash stands for goes with it. */
function notApplied(run: Run, bound: BoundMigration): readonly Single[] {
  const before = markingsForOneName(run, bound)
  const [id = bound.migration.id] = standingNames(bound)
  return [
    ...before.flatMap(({ storage, marks }) => marks.map((mark) => ({ storage, mark }))),
    { storage: bound.committer, mark: { bound: named(bound, id), applied: false } },
  ]
}

/** @returns whether all of it is written; else others were first */
async function write(
  run: Run,
  markings: readonly Marking[],
  statement: Statement,
  actions: Action[],
): Promise<boolean> {
  const known = overtakings(run)
  const isOvertaken = (): boolean => overtakings(run) !== known
  if (markings.length > 0) await establish(run)
  const coming = markings.flatMap(({ marks }) => marks.flatMap(({ bound, applied }) => (applied ? bound : [])))
  if (!isOvertaken()) await voidIntents(run, coming)
  for (const marking of markings) {
    if (isOvertaken()) return false
    const { storage, marks } = marking
    const going = marks.flatMap(({ bound, applied }) => (applied ? [] : bound.migration.id))
    if (going.length > 0 && !(await announce(run, storage, going))) return false
    await appendMarks(run, marking, statement)
    if (isOvertaken()) return false
    actions.push(...markActions(marking))
    await record(run, false)
  }
  return !isOvertaken()
}
