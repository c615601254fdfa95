import { withAncestors, withDescendants } from '../closure.ts'
import { type Graph, idAt } from '../graph.ts'
import { idsOf } from '../heads.ts'
import type { Id } from '../manifest.ts'
import { type Marks, both, either, isEmpty, marksOf, positionsIn, without } from '../marks.ts'
import { at } from '../order/adjacency.ts'
import type { Situation } from '../situation.ts'
import { type Target, resolveTarget } from '../target/resolve.ts'
import { assertClosed, namesOf } from './closed.ts'
import { PlanError, listIds } from './plan-error.ts'
import type { PlanRequest, Targets } from './request.ts'

export interface PlanStep {
  readonly id: Id
  readonly position: number
  /** What needs it: a later migration going up, an earlier one going down. `null`: the request itself. */
  readonly because: Id | null
}

/** First `down`, the latest first, then `up`, in the order of work. */
export interface GraphPlan {
  readonly down: readonly PlanStep[]
  readonly up: readonly PlanStep[]
}

/**
 * The smallest plan that does what is asked for. Changes nothing. O(V + E) for each target.
 *
 * @throws PlanError `MIG_R0401` to `MIG_R0410`, `MIG_R0305`
 */
export function planMigrations(situation: Situation, request: PlanRequest): GraphPlan {
  const { graph, applied } = situation
  const isSelection = 'only' in request
  const goal = isSelection ? selected(situation, request) : asked(situation, request)
  const skip = !isSelection && request.direction !== 'stamp' ? namesOf(situation, request.skip ?? []) : marksOf(graph)
  const up = without(goal.up, skip)
  const down = without(goal.down, skip)
  if (isSelection || !isEmpty(skip)) assertClosed(graph, applied, up, down)
  assertNotPartial(situation, up)
  return { down: steps(graph, down, goal.named, 'down'), up: steps(graph, up, goal.named, 'up') }
}

interface Goal {
  readonly up: Marks
  readonly down: Marks
  /** What was asked for, and not only needed. */
  readonly named: Marks
}

function selected(situation: Situation, { direction, only }: PlanRequest & { readonly only: readonly string[] }): Goal {
  const { graph, applied } = situation
  const named = namesOf(situation, only)
  const none = marksOf(graph)
  return direction === 'up'
    ? { up: without(named, applied), down: none, named }
    : { up: none, down: both(named, applied), named }
}

function asked(situation: Situation, { direction, targets: given }: PlanRequest & { readonly targets: Targets }): Goal {
  const { graph, applied } = situation
  const targets = (typeof given === 'string' ? [given] : given).map((text) => resolveTarget(situation, text))
  if (direction === 'stamp') assertNoAncestor(graph, targets)
  if (direction === 'up' || direction === 'down') assertDirection(direction, targets)
  if (direction === 'down') assertApplied(situation, targets)
  const none = marksOf(graph)
  const wanted = targets.reduce((all, target) => either(all, target.wanted), none)
  const excess = targets.reduce((all, target) => either(all, without(both(target.scope, applied), target.wanted)), none)
  const needed = withAncestors(graph, wanted)
  const leaving = both(withDescendants(graph, excess), applied)
  const up = direction === 'down' ? none : without(needed, applied)
  const down = direction === 'up' ? none : leaving
  if (direction !== 'up') assertNoContradiction(graph, targets, direction)
  if (direction === 'to') assertOneDirection(graph, up, down)
  return { up, down, named: either(wanted, excess) }
}

function steps(graph: Graph, marks: Marks, named: Marks, direction: 'up' | 'down'): readonly PlanStep[] {
  const { offsets, before } = graph.edges
  const because = new Int32Array(marks.length).fill(-1)
  const positions = positionsIn(marks)
  for (const position of direction === 'up' ? positions.toReversed() : positions)
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const other = at(before, slot)
      if (marks[other] === 0) continue
      if (direction === 'up') because[other] = position
      else if (because[position] === -1) because[position] = other
    }
  const planned = positions.map((position): PlanStep => {
    const needs = at(because, position)
    return {
      id: idAt(graph, position),
      position,
      because: named[position] === 1 || needs < 0 ? null : idAt(graph, needs),
    }
  })
  return direction === 'up' ? planned : planned.toReversed()
}

function assertDirection(direction: 'up' | 'down', targets: readonly Target[]): void {
  const other = direction === 'up' ? 'down' : 'up'
  const wrong = targets.find(({ means }) => means === other)
  if (!wrong) return
  const next =
    direction === 'up'
      ? `go down to "${wrong.text}"`
      : `go up to "${wrong.text}"; \`<package>@base\` takes all of it back`
  throw new PlanError('MIG_R0405', `"${wrong.text}" is no target for going ${direction}.`, [], next)
}

function assertApplied({ graph, applied }: Situation, targets: readonly Target[]): void {
  const missing = targets.flatMap(({ nodes }) => nodes.filter((node) => applied[node] === 0))
  const ids = missing.map((node) => idAt(graph, node))
  if (ids.length > 0)
    throw new PlanError(
      'MIG_R0408',
      `Not applied, so nothing can be taken back to it: ${listIds(ids)}.`,
      ids,
      'go up to it',
    )
}

function assertNoAncestor(graph: Graph, targets: readonly Target[]): void {
  const nodes = targets.flatMap((target) => target.nodes)
  for (const node of nodes) {
    const line = withAncestors(graph, marksOf(graph, [node]))
    const ids = nodes.filter((other) => other !== node && line[other] === 1).map((other) => idAt(graph, other))
    if (ids.length === 0) continue
    const id = idAt(graph, node)
    throw new PlanError(
      'MIG_R0407',
      `${id} comes after ${listIds(ids)}, which is named too.`,
      [id, ...ids],
      `name ${id} only`,
    )
  }
}

/** Whatever is applied now: a request that contradicts itself is not to pass once and fail the next time. */
function assertNoContradiction(
  graph: Graph,
  targets: readonly Target[],
  direction: Exclude<PlanRequest['direction'], 'up'>,
): void {
  for (const taking of targets) {
    const leaving = withDescendants(graph, without(taking.scope, taking.wanted))
    for (const keeping of targets) {
      if (keeping === taking) continue
      const kept = direction === 'down' ? keeping.wanted : withAncestors(graph, keeping.wanted)
      const ids = idsOf(graph, both(kept, leaving))
      if (ids.length === 0) continue
      const text = `"${keeping.text}" needs what "${taking.text}" takes back: ${listIds(ids)}.`
      throw new PlanError('MIG_R0409', text, ids, 'leave one of the targets out')
    }
  }
}

function assertOneDirection(graph: Graph, up: Marks, down: Marks): void {
  if (isEmpty(up) || isEmpty(down)) return
  const ids = idsOf(graph, either(up, down))
  const text = `The targets take back ${listIds(idsOf(graph, down))} and apply ${listIds(idsOf(graph, up))}.`
  throw new PlanError('MIG_R0405', text, ids, 'go in one direction at a time, or ask for a mixed plan')
}

function assertNotPartial({ graph, partial }: Situation, up: Marks): void {
  const [first] = partial
  if (!first || isEmpty(up)) return
  const id = idAt(graph, first.position)
  const text = `Some of what ${id} replaces is applied, and this is not and is gone from the code: ${listIds(first.gone)}.`
  throw new PlanError(
    'MIG_R0305',
    text,
    [id, ...first.gone],
    'migrate with a version that still has them, then remove them',
  )
}
