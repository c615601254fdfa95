import { type DecidedSquashes, decideSquashes } from './decide-squashes.ts'
import { type Graph, positionOf } from './graph.ts'
import type { KnownId } from './known-id.ts'
import type { Id } from './manifest.ts'
import { marksOf } from './marks.ts'
import { withoutSquashes } from './situation-edges.ts'

/**
 * A graph as one set of applied migrations sees it: every squash is decided, so that plans and questions know no
 * squashes. Positions are those of the graph.
 */
export interface Situation extends DecidedSquashes {
  /** Its edges lead between active migrations only. */
  readonly graph: Graph
}

/** @param ids Ids that are recorded as applied, former ones and those of other packages included. */
export function situationOf(graph: Graph, ids: Iterable<KnownId>): Situation {
  const recorded = marksOf(graph)
  const known: ReadonlySet<Id> = new Set(ids)
  for (const id of known) {
    const position = positionOf(graph, id)
    if (position !== undefined) recorded[position] = 1
  }
  const { squashes } = graph.squashes
  const decided = decideSquashes(squashes, recorded, known)
  return { ...decided, graph: squashes.length === 0 ? graph : withoutSquashes(graph, decided) }
}
