import type { Id } from '../graph/manifest.ts'
import { destructiveOf } from '../graph/traits.ts'
import type { GraphPlan } from '../graph/plan/plan.ts'
import type { Situation } from '../graph/situation.ts'
import type { BoundMigration } from '../runtime/binding.ts'
import { unsettled } from '../runtime/deferred/unsettled.ts'
import type { Run } from '../runtime/run.ts'
import type { Survey } from '../runtime/survey.ts'
import { assertNoneHalfApplied, halves } from './halves.ts'
import type { Marking } from './marks.ts'
import { markingsForOneName } from './one-name.ts'
import type { Action } from './report.ts'
import { type Reversal, reversalsOf } from './reversals.ts'

/** A plan with what carries it out. */
export interface Work {
  readonly down: readonly Reversal[]
  readonly up: readonly BoundMigration[]
  /** Whether the build's work is complete when all of it is done. */
  readonly complete: boolean
  readonly because: ReadonlyMap<Id, Id | null>
}

/**
 * @param isAll whether everything pending is meant, what runs again and again included
 * @throws MigrationError `MIG_R0123`, and what `reversalsOf` throws
 */
export async function workFor(
  run: Run,
  { runnable, waiting, complete }: Survey,
  situation: Situation,
  { down, up }: GraphPlan,
  isAll: boolean,
): Promise<Work> {
  const places = down.map(({ position }) => position)
  assertNoneHalfApplied(run, situation, places)
  const wanted = new Set(up.map(({ id }) => id))
  const leaving = new Set(places.flatMap((place) => run.migrations[place] ?? []))
  const due = new Set([...runnable, ...waiting, ...leaving])
  const coming = run.migrations.filter((bound) => due.has(bound) && (isAll || wanted.has(bound.migration.id)))
  return {
    down: await reversalsOf([...leaving]),
    up: coming,
    complete: complete && coming.length === runnable.length && down.length === 0,
    because: new Map([...down, ...up].map(({ id, because }) => [id, because])),
  }
}

/** One migration that is run or taken back. */
export function changeOf(kind: 'up' | 'down', { because }: Work, { migration, committer }: BoundMigration): Action {
  const { id, traits } = migration
  const about = { id, target: committer.name, because: because.get(id) ?? null }
  return { do: kind, ...about, ...(kind === 'up' ? destructiveOf(traits) : {}) }
}

export function markActions({ storage, marks }: Marking): readonly Action[] {
  return marks.map(({ bound, applied }) => ({ do: 'mark', id: bound.migration.id, target: storage.name, applied }))
}

/** What carrying it out does, in this order. */
export function actionsOf(run: Run, work: Work): readonly Action[] {
  return [
    ...work.down.flatMap(({ bound }) => [
      ...markingsForOneName(run, bound).flatMap(markActions),
      changeOf('down', work, bound),
    ]),
    ...work.up.map((bound) => changeOf('up', work, bound)),
  ]
}

/**
 * What every command does first: put in place what was committed, and end what was begun.
 *
 * @param ends whether what is half taken back is
 */
export function firstActions(run: Run, ends: boolean): readonly Action[] {
  const names = new Map(
    run.migrations.flatMap(({ migration: { id, formerly } }) => formerly.map((former): [Id, Id] => [former, id])),
  )
  const open = run.storages.flatMap((storage) => unsettled(storage).map(({ id }) => ({ id, target: storage.name })))
  return [
    ...open.flatMap(({ id, target }): Action[] =>
      id === null ? [] : [{ do: 'settle', id: names.get(id) ?? id, target }],
    ),
    ...(ends ? halves(run) : []).map(({ migration: { id }, committer }): Action => {
      return { do: 'down', id, target: committer.name, because: null }
    }),
  ]
}
