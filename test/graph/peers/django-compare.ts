import { expect } from 'vitest'
import {
  type GraphPlan,
  type Id,
  PlanError,
  type Situation,
  ancestors,
  bases,
  heads,
  planMigrations,
} from '../../../src/graph.ts'
import type { DjangoAnswer, DjangoStep } from './django-answer.ts'

export function sorted(ids: Iterable<Id>): readonly Id[] {
  return [...ids].toSorted()
}

export function activeIds({ graph, active }: Situation): readonly Id[] {
  return graph.members.filter((_, position) => active[position] === 1).map(({ id }) => id)
}

export function appliedIds({ graph, applied }: Situation): readonly Id[] {
  return graph.members.filter((_, position) => applied[position] === 1).map(({ id }) => id)
}

/** Who takes part, what is applied, what comes before what, and where apps begin and end. */
export function expectSameGraph(situation: Situation, answer: DjangoAnswer): void {
  const { graph } = situation
  const active = new Set(activeIds(situation))
  expect(sorted(active)).toEqual(sorted(Object.keys(answer.ancestors)))
  expect(sorted(appliedIds(situation))).toEqual(sorted(answer.applied))
  for (const [id, before] of Object.entries(answer.ancestors))
    expect({ id, before: sorted(ancestors(graph, id)) }).toEqual({ id, before: sorted(before) })
  for (const app of Object.keys(answer.roots)) {
    const isActive = (id: Id): boolean => active.has(id)
    const own = {
      roots: bases(graph, { package: app }).filter(isActive),
      leaves: heads(graph, { package: app }).filter(isActive),
    }
    expect({ app, roots: sorted(own.roots), leaves: sorted(own.leaves) }).toEqual({
      app,
      roots: answer.roots[app],
      leaves: answer.leaves[app],
    })
  }
}

/** The same migrations, and either order is one that the other could have chosen. */
export function expectSamePlan(
  situation: Situation,
  ours: GraphPlan,
  theirs: readonly DjangoStep[],
  answer: DjangoAnswer,
): void {
  const named = (down: boolean): readonly Id[] => theirs.filter((step) => step.down === down).map(({ id }) => id)
  const up = ours.up.map(({ id }) => id)
  const down = ours.down.map(({ id }) => id)
  expect({ up: sorted(up), down: sorted(down) }).toEqual({ up: sorted(named(false)), down: sorted(named(true)) })
  const before = (id: Id): readonly Id[] => answer.ancestors[id] ?? []
  expectOrder(up, before)
  expectOrder(down.toReversed(), before)
  expectOrder(named(false), (id) => ancestors(situation.graph, id))
  expectOrder(named(true).toReversed(), (id) => ancestors(situation.graph, id))
}

function expectOrder(ids: readonly Id[], before: (id: Id) => readonly Id[]): void {
  for (const [index, id] of ids.entries())
    for (const other of before(id)) expect(ids.indexOf(other), `${other} before ${id}`).toBeLessThan(index)
}

/** To every migration up and down, to the end of every app and of all, and to nothing. */
export function expectSamePlans(situation: Situation, answer: DjangoAnswer): void {
  const isConsistent = !answer.history.refused
  const applied = new Set(answer.applied)
  for (const [id, theirs] of Object.entries(answer.toNode))
    if (applied.has(id)) expectSameWayDown(situation, id, theirs, answer)
    else expectSamePlan(situation, planMigrations(situation, { direction: 'up', targets: id }), theirs, answer)
  const apps = Object.entries(answer.fresh).filter(([, needed]) => needed.length > 0)
  for (const [app, needed] of apps) {
    const head = planMigrations(situation, { direction: 'up', targets: `${app}@head` })
    expectSamePlan(situation, head, pending(needed, applied), answer)
    if (isConsistent) expectSamePlan(situation, head, answer.toLeaves[app] ?? [], answer)
    expectSameWayDown(situation, `${app}@base`, answer.toZero[app] ?? [], answer)
  }
  const all = planMigrations(situation, { direction: 'up', targets: 'heads' })
  expectSamePlan(situation, all, pending(new Set(apps.flatMap(([, needed]) => needed)), applied), answer)
  if (isConsistent) expectSamePlan(situation, all, answer.toAllLeaves, answer)
}

/**
 * Django reads a leaf that is applied as the way down to it, so it leaves out what is pending below one. We run that:
 * applied is a set, never a high-water mark.
 */
function pending(needed: Iterable<Id>, applied: ReadonlySet<Id>): readonly DjangoStep[] {
  return [...needed].filter((id) => !applied.has(id)).map((id) => ({ id, down: false }))
}

/**
 * Django follows what depends on a migration through pending ones, which only an inconsistent history has. We take back
 * what depends on an applied one.
 */
function expectSameWayDown(
  situation: Situation,
  targets: string,
  theirs: readonly DjangoStep[],
  answer: DjangoAnswer,
): void {
  const ours = planMigrations(situation, { direction: 'down', targets })
  if (!answer.history.refused) {
    expectSamePlan(situation, ours, theirs, answer)
    return
  }
  const taken = new Set(theirs.map(({ id }) => id))
  expect(ours.down.filter(({ id }) => !taken.has(id))).toEqual([])
}

/** The code that a request is refused with; `undefined` where it can be planned. */
export function codeOf(plan: () => GraphPlan): PlanError['code'] | undefined {
  try {
    plan()
    return undefined
  } catch (error) {
    if (error instanceof PlanError) return error.code
    throw error
  }
}
