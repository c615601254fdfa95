import { type Adjacency, at } from './adjacency.ts'

/**
 * Strongly connected components by Tarjan's algorithm (1972) with a stack of its own instead of recursion.
 *
 * @returns The component of each number, counted from 0 such that an edge never leads to a higher component.
 */
export function components(graph: Adjacency): { readonly of: Int32Array; readonly count: number } {
  const { size, offsets, targets } = graph
  const of = new Int32Array(size).fill(-1)
  const found = new Int32Array(size).fill(-1)
  const low = new Int32Array(size)
  const slot = offsets.slice(0, size)
  const open: number[] = []
  const path: number[] = []
  let clock = 0
  let count = 0
  for (let root = 0; root < size; root++) {
    if (found[root] !== -1) continue
    path.push(root)
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      if (found[node] === -1) {
        found[node] = low[node] = clock++
        open.push(node)
      }
      const edge = at(slot, node)
      if (edge < at(offsets, node + 1)) {
        slot[node] = edge + 1
        const target = at(targets, edge)
        if (found[target] === -1) path.push(target)
        else if (of[target] === -1) low[node] = Math.min(at(low, node), at(found, target))
        continue
      }
      path.pop()
      const parent = path.at(-1)
      if (parent !== undefined) low[parent] = Math.min(at(low, parent), at(low, node))
      if (low[node] !== found[node]) continue
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        of[member] = count
        if (member === node) break
      }
      count++
    }
  }
  return { of, count }
}
