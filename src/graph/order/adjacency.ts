/** Directed edges between the numbers `0 … size - 1`, grouped by where they start (compressed sparse rows). */
export interface Adjacency {
  readonly size: number
  /** Edges of `v`: positions `offsets[v]` until `offsets[v + 1]` of `targets` and `edges`. */
  readonly offsets: Int32Array
  readonly targets: Int32Array
  /** Position of the edge in the lists that it was made from. */
  readonly edges: Int32Array
}

/** Groups the first `count` edges by start in O(V + E). Edges of one start keep their order. */
export function adjacency(
  size: number,
  from: ArrayLike<number>,
  to: ArrayLike<number>,
  count: number = from.length,
): Adjacency {
  const offsets = new Int32Array(size + 1)
  for (let edge = 0; edge < count; edge++) {
    const start = from[edge] ?? 0
    offsets[start + 1] = at(offsets, start + 1) + 1
  }
  for (let index = 0; index < size; index++) offsets[index + 1] = at(offsets, index + 1) + at(offsets, index)
  const next = offsets.slice(0, size)
  const targets = new Int32Array(count)
  const edges = new Int32Array(count)
  for (let edge = 0; edge < count; edge++) {
    const start = from[edge] ?? 0
    const slot = at(next, start)
    next[start] = slot + 1
    targets[slot] = to[edge] ?? 0
    edges[slot] = edge
  }
  return { size, offsets, targets, edges }
}

/** Reads a typed array where the index is known to be inside. */
export function at(values: Int32Array, index: number): number {
  return values[index] ?? 0
}
