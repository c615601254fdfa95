import { type EdgeKind, kindOf } from './edges.ts'
import { type Graph, idAt, packageAt, positionOf } from './graph.ts'
import type { KnownId } from './known-id.ts'
import type { Id } from './manifest.ts'
import { at } from './order/adjacency.ts'

export interface ExplainedEdge {
  readonly before: Id
  readonly after: Id
  readonly kind: EdgeKind
}

/** Why a migration stands where it stands. */
export interface Explanation {
  readonly id: Id
  /** Counted from 0. */
  readonly position: number
  /**
   * From a migration that waits for nothing to this one: each edge is the one that held its end back longest. What is
   * left open by edges, the rank of the package and the place in it decide.
   */
  readonly chain: readonly ExplainedEdge[]
  /** Where the package of the chain's first migration stands among all, counted from 0. */
  readonly rank: number
}

/** `undefined` for an id that the graph does not know. */
export function explain(graph: Graph, id: KnownId): Explanation | undefined {
  const position = positionOf(graph, id)
  if (position === undefined) return undefined
  const { offsets, before } = graph.edges
  const chain: ExplainedEdge[] = []
  let end = position
  for (;;) {
    let longest = -1
    for (let slot = at(offsets, end); slot < at(offsets, end + 1); slot++)
      if (longest < 0 || at(before, slot) > at(before, longest)) longest = slot
    if (longest < 0) break
    const start = at(before, longest)
    chain.push({ before: idAt(graph, start), after: idAt(graph, end), kind: kindOf(graph.edges, longest) })
    end = start
  }
  const rank = graph.packages.indexOf(packageAt(graph, end))
  return { id: idAt(graph, position), position, chain: chain.toReversed(), rank }
}
