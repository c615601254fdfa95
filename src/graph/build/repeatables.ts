import { type EdgeList, REPEATABLE } from '../edges.ts'
import type { GraphNode } from '../node.ts'
import { at } from '../order/adjacency.ts'
import { isRepeatable } from '../repeatables.ts'
import type { Sequence } from './sequence.ts'

export function runsAlways(node: GraphNode | undefined): boolean {
  return node?.traits?.repeatable === 'always'
}

/**
 * The edges, and others that bring what repeats on change behind all of its package that run once. These are for ordering
 * only: history is not held against them, or everything new would come late.
 */
export function withRepeatables({ nodes, owners }: Sequence, edges: EdgeList): EdgeList {
  if (!nodes.some(isRepeatable)) return edges
  // Whoever comes after the last ones comes after all.
  const followed = new Uint8Array(nodes.length)
  for (let edge = 0; edge < edges.size; edge++) {
    const before = at(edges.from, edge)
    const after = at(edges.to, edge)
    if (at(owners, before) === at(owners, after) && !isRepeatable(nodes[after])) followed[before] = 1
  }
  const last = new Map<number, number[]>()
  for (const [number, node] of nodes.entries())
    if (followed[number] === 0 && !isRepeatable(node)) listIn(last, at(owners, number)).push(number)
  const repeatables = [...nodes.keys()].filter((number) => isRepeatable(nodes[number]))
  return edges.with(
    repeatables.flatMap((number) =>
      listIn(last, at(owners, number)).map((before) => [before, number, REPEATABLE] as const),
    ),
  )
}

function listIn(lists: Map<number, number[]>, key: number): number[] {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

/** The same order with what always runs at the end. Needs that nothing else comes after any of these. */
export function alwaysLast({ nodes }: Sequence, order: Int32Array): Int32Array {
  if (!nodes.some(runsAlways)) return order
  const others = order.filter((number) => !runsAlways(nodes[number]))
  const sorted = new Int32Array(order.length)
  sorted.set(others)
  sorted.set(
    order.filter((number) => runsAlways(nodes[number])),
    others.length,
  )
  return sorted
}
