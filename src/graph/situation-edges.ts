import type { DecidedSquashes } from './decide-squashes.ts'
import { EdgeList, REPLACES, groupEdges } from './edges.ts'
import type { Graph } from './graph.ts'
import { at } from './order/adjacency.ts'
import { endFor, standIns } from './stand-in.ts'

/** The same graph with edges between active migrations only. */
export function withoutSquashes(graph: Graph, decided: DecidedSquashes): Graph {
  const { offsets, before, kinds } = graph.edges
  const size = decided.active.length
  const edges = new EdgeList()
  for (let position = 0; position < size; position++) {
    const end = endFor(decided, position)
    if (end === undefined) continue
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const kind = kinds[slot] ?? 0
      if (kind === REPLACES) continue
      for (const start of standIns(decided, at(before, slot))) if (start !== end) edges.push(start, end, kind)
    }
  }
  return { ...graph, edges: groupEdges(size, edges, Int32Array.from(decided.active.keys())) }
}
