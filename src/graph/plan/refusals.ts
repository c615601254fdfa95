import { withAncestors, withDescendants } from '../closure.ts'
import { type Graph, idAt } from '../graph.ts'
import { idsOf } from '../heads.ts'
import { type Marks, both, either, isEmpty, marksOf, without } from '../marks.ts'
import type { Situation } from '../situation.ts'
import type { Target } from '../target/target.ts'
import { PlanError, listIds } from './plan-error.ts'
import type { PlanRequest } from './request.ts'

export function assertApplied({ graph, applied }: Situation, targets: readonly Target[]): void {
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

export function assertNoAncestor(graph: Graph, targets: readonly Target[]): void {
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
export function assertNoContradiction(
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

export function assertOneDirection(graph: Graph, up: Marks, down: Marks): void {
  if (isEmpty(up) || isEmpty(down)) return
  const ids = idsOf(graph, either(up, down))
  const text = `The targets take back ${listIds(idsOf(graph, down))} and apply ${listIds(idsOf(graph, up))}.`
  throw new PlanError('MIG_R0405', text, ids, 'go in one direction at a time, or ask for a mixed plan')
}

export function assertNotPartial({ graph, partial }: Situation): void {
  const [first] = partial
  if (!first) return
  const id = idAt(graph, first.position)
  const text = `Some of what ${id} replaces is applied, and this is not and is gone from the code: ${listIds(first.gone)}.`
  throw new PlanError(
    'MIG_R0305',
    text,
    [id, ...first.gone],
    'migrate with a version that still has them, then remove them',
  )
}
