import { at } from './order/adjacency.ts'

/**
 * Why one migration comes before another.
 *
 * - `parents`, `dependsOn` declared: held against history
 * - `above`, `runBefore` implied
 * - `replaces` of a squash: what it stands for comes before it, and what follows that comes after it
 * - `repeatable` after all of the package that run once; only while they are ordered, never in a graph
 */
export type EdgeKind = 'parents' | 'dependsOn' | 'above' | 'runBefore' | 'replaces' | 'repeatable'

/** What the numbers in `Edges.kinds` mean. */
export const EDGE_KINDS: readonly EdgeKind[] = ['parents', 'dependsOn', 'above', 'runBefore', 'replaces', 'repeatable']

export const PARENTS = 0
export const DEPENDS_ON = 1
export const ABOVE = 2
export const RUN_BEFORE = 3
export const REPLACES = 4
export const REPEATABLE = 5

/** Edges between positions, grouped by where they end (compressed sparse rows). */
export interface Edges {
  /** Edges into `v` are the slots `offsets[v]` until `offsets[v + 1]`. */
  readonly offsets: Int32Array
  /** Per slot: the position that comes before. */
  readonly before: Int32Array
  /** Per slot: an index into `EDGE_KINDS`. */
  readonly kinds: Uint8Array
}

/** `parents` and `dependsOn`: what an applied migration is held against. */
export function isDeclared(kind: number): boolean {
  return kind <= DEPENDS_ON
}

export function kindOf(edges: Edges, slot: number): EdgeKind {
  return EDGE_KINDS[edges.kinds[slot] ?? 0] ?? 'parents'
}

/** A growing list of edges between numbers, in any order. */
export class EdgeList {
  from: Int32Array
  to: Int32Array
  kinds: Uint8Array
  size = 0

  /** @param expected Room to begin with. */
  constructor(expected = 0) {
    const room = Math.max(expected, 16)
    this.from = new Int32Array(room)
    this.to = new Int32Array(room)
    this.kinds = new Uint8Array(room)
  }

  push(from: number, to: number, kind: number): void {
    if (this.size === this.from.length) this.#grow()
    this.from[this.size] = from
    this.to[this.size] = to
    this.kinds[this.size] = kind
    this.size++
  }

  /** A longer list, this one left as it is. */
  with(more: Iterable<readonly [from: number, to: number, kind: number]>): EdgeList {
    const list = new EdgeList(this.size + 16)
    for (let edge = 0; edge < this.size; edge++)
      list.push(at(this.from, edge), at(this.to, edge), this.kinds[edge] ?? 0)
    for (const [from, to, kind] of more) list.push(from, to, kind)
    return list
  }

  #grow(): void {
    const { from, to, kinds } = this
    this.from = new Int32Array(this.size * 2)
    this.to = new Int32Array(this.size * 2)
    this.kinds = new Uint8Array(this.size * 2)
    this.from.set(from)
    this.to.set(to)
    this.kinds.set(kinds)
  }
}

/**
 * Groups a list by where its edges end. Edges into one number keep their order.
 *
 * @param place Number → position; edges at a negative one are left out.
 */
export function groupEdges(size: number, list: EdgeList, place: Int32Array): Edges {
  const offsets = new Int32Array(size + 1)
  for (let edge = 0; edge < list.size; edge++) {
    const end = at(place, at(list.to, edge))
    if (end >= 0) offsets[end + 1] = at(offsets, end + 1) + 1
  }
  for (let index = 0; index < size; index++) offsets[index + 1] = at(offsets, index + 1) + at(offsets, index)
  const next = offsets.slice(0, size)
  const before = new Int32Array(at(offsets, size))
  const kinds = new Uint8Array(at(offsets, size))
  for (let edge = 0; edge < list.size; edge++) {
    const end = at(place, at(list.to, edge))
    if (end < 0) continue
    const slot = at(next, end)
    next[end] = slot + 1
    before[slot] = at(place, at(list.from, edge))
    kinds[slot] = list.kinds[edge] ?? 0
  }
  return { offsets, before, kinds }
}
