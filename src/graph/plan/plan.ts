import { type Graph, idAt } from '../graph.ts'
import type { Id } from '../manifest.ts'
import { type Marks, isEmpty, marksOf, positionsIn, without } from '../marks.ts'
import { at } from '../order/adjacency.ts'
import { isRepeatable } from '../repeatables.ts'
import type { Situation } from '../situation.ts'
import { assertClosed, namesOf } from './closed.ts'
import { goalOf } from './goal.ts'
import { assertNotPartial } from './refusals.ts'
import type { PlanRequest } from './request.ts'

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
  const { graph } = situation
  const goal = goalOf(situation, request)
  const skip = 'skip' in request && request.skip ? namesOf(situation, request.skip) : marksOf(graph)
  const up = without(goal.up, skip)
  const down = without(goal.down, skip)
  if ('only' in request || !isEmpty(skip)) assertClosed(situation, up, down)
  if (request.direction !== 'down') assertNotPartial(situation)
  return { down: steps(graph, down, goal.named, 'down'), up: steps(graph, up, goal.named, 'up') }
}

function steps(graph: Graph, marks: Marks, named: Marks, direction: 'up' | 'down'): readonly PlanStep[] {
  const { offsets, before } = graph.edges
  const because = new Int32Array(marks.length).fill(-1)
  const positions = positionsIn(marks)
  if (direction === 'up') becauseOfRepeatables(graph, positions, because)
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

/** What repeats needs all of its package that run once, by no edge. An edge tells more. */
function becauseOfRepeatables({ members, owners }: Graph, positions: readonly number[], because: Int32Array): void {
  const firsts = new Map<number, number>()
  for (const position of positions.toReversed()) {
    const owner = at(owners, position)
    if (isRepeatable(members[position])) firsts.set(owner, position)
    else because[position] = firsts.get(owner) ?? -1
  }
}
