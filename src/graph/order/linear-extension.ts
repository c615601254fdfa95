import { type Adjacency, at } from './adjacency.ts'
import { MinHeap } from './min-heap.ts'

/**
 * Kahn's algorithm (1962) with a priority queue: among all that may come next, the smallest number comes next. So the
 * answer depends on the graph and the numbering alone. O((V + E) log V), no recursion.
 *
 * @param graph An edge `a → b` says that `a` comes before `b`.
 * @returns All numbers in order. Where the graph has cycles: those that neither lie on one nor follow one.
 */
export function linearExtension(graph: Adjacency): Int32Array {
  const { size, offsets, targets } = graph
  const waiting = new Int32Array(size)
  for (const target of targets) waiting[target] = at(waiting, target) + 1
  const ready = new MinHeap(size)
  for (let index = 0; index < size; index++) if (waiting[index] === 0) ready.push(index)
  const order = new Int32Array(size)
  let done = 0
  while (ready.size > 0) {
    const next = ready.pop()
    order[done++] = next
    for (let slot = at(offsets, next); slot < at(offsets, next + 1); slot++) {
      const target = at(targets, slot)
      const left = at(waiting, target) - 1
      waiting[target] = left
      if (left === 0) ready.push(target)
    }
  }
  return order.subarray(0, done)
}
