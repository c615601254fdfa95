import { type EdgeList, groupEdges } from '../edges.ts'
import type { Graph } from '../graph.ts'
import type { Id } from '../manifest.ts'
import type { GraphNode } from '../node.ts'
import { at } from '../order/adjacency.ts'
import { squashTable } from '../squash.ts'
import type { Sequence } from './sequence.ts'

/**
 * Renumbers a sequence by its order.
 *
 * @param order Places in the sequence; those that are left out have no position.
 */
export function orderedGraph(
  { nodes, owners, packages }: Sequence,
  numbers: ReadonlyMap<Id, number>,
  edges: EdgeList,
  order: Int32Array,
): Graph {
  const places = new Int32Array(nodes.length).fill(-1)
  const members: GraphNode[] = []
  for (let position = 0; position < order.length; position++) {
    const node = nodes[at(order, position)]
    places[at(order, position)] = position
    if (node) members.push(node)
  }
  const find = (id: Id): number | undefined => {
    const place = at(places, numbers.get(id) ?? -1)
    return numbers.has(id) && place >= 0 ? place : undefined
  }
  return {
    members,
    edges: groupEdges(order.length, edges, places),
    packages,
    owners: order.map((number) => at(owners, number)),
    numbers,
    places,
    squashes: squashTable(replacing(members), find).table,
  }
}

/** Number and `replaces` of those that replace something. */
export function replacing(
  members: readonly { readonly replaces?: readonly Id[] }[],
): readonly (readonly [number, readonly Id[]])[] {
  const found: [number, readonly Id[]][] = []
  for (const [number, { replaces = [] }] of members.entries()) if (replaces.length > 0) found.push([number, replaces])
  return found
}
