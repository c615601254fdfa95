import { EdgeList, REPLACES, groupEdges } from './edges.ts'
import type { Graph } from './graph.ts'
import type { Marks } from './marks.ts'
import { at } from './order/adjacency.ts'
import { standIns } from './stand-in.ts'

/**
 * The same graph with edges between active migrations only. A squash in use takes over the edges of all that it
 * replaces; what comes after a squash that is not in use comes after all that it replaces.
 *
 * @param instead What takes the place of a migration that is not active.
 */
export function withoutSquashes(graph: Graph, active: Marks, instead: ReadonlyMap<number, readonly number[]>): Graph {
  const { offsets, before, kinds } = graph.edges
  const edges = new EdgeList()
  for (let position = 0; position < active.length; position++) {
    const ends = active[position] === 1 ? [position] : (instead.get(position) ?? [])
    // A squash that is not in use has edges of its own, which say nothing about what it replaces.
    const [end] = ends
    const isUnused = active[position] === 0 && (end === undefined || end < position)
    if (isUnused || end === undefined) continue
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const kind = kinds[slot] ?? 0
      if (kind === REPLACES) continue
      for (const start of standIns({ active, instead }, at(before, slot)))
        if (start !== end) edges.push(start, end, kind)
    }
  }
  return { ...graph, edges: groupEdges(active.length, edges, Int32Array.from(active.keys())) }
}
