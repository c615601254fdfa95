import { withAncestors, withDescendants } from './closure.ts'
import { type Graph, positionOf } from './graph.ts'
import { idsOf } from './heads.ts'
import type { KnownId } from './known-id.ts'
import type { Id } from './manifest.ts'
import { marksOf, without } from './marks.ts'

/** All that must come before a migration, in the order of work. Empty for an id that the graph does not know. */
export function ancestors(graph: Graph, id: KnownId): readonly Id[] {
  const own = marksOf(
    graph,
    [positionOf(graph, id)].filter((position) => position !== undefined),
  )
  return idsOf(graph, without(withAncestors(graph, own), own))
}

/** All that must come after a migration, in the order of work. Empty for an id that the graph does not know. */
export function descendants(graph: Graph, id: KnownId): readonly Id[] {
  const own = marksOf(
    graph,
    [positionOf(graph, id)].filter((position) => position !== undefined),
  )
  return idsOf(graph, without(withDescendants(graph, own), own))
}
