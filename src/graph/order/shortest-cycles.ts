import { type Adjacency, adjacency, at } from './adjacency.ts'
import { components } from './components.ts'

/**
 * One shortest cycle of every strongly connected component that has one, as positions in the edge lists. A search in
 * breadth from one node finds the shortest cycle through it; the node is then taken out, with all that no longer lies
 * on a cycle, so that a single long ring costs one search. The answer depends on the numbering and the edges alone.
 */
export function shortestCycles(size: number, from: Int32Array, to: Int32Array): readonly (readonly number[])[] {
  const component = components(adjacency(size, from, to))
  const inside = from.map((_, edge) => edge).filter((edge) => sameComponent(component.of, from, to, edge))
  const starts = inside.map((edge) => from[edge] ?? 0)
  const ends = inside.map((edge) => to[edge] ?? 0)
  const forward = adjacency(size, starts, ends)
  const backward = adjacency(size, ends, starts)
  const members = new Map<number, number[]>()
  for (const node of new Set(starts.toSorted((a, b) => a - b))) {
    const group = members.get(at(component.of, node))
    if (group) group.push(node)
    else members.set(at(component.of, node), [node])
  }
  const search = new CycleSearch(forward, backward)
  return [...members.values()].map((nodes) => search.shortest(nodes).map((edge) => inside[edge] ?? 0))
}

function sameComponent(of: Int32Array, from: Int32Array, to: Int32Array, edge: number): boolean {
  return at(of, from[edge] ?? 0) === at(of, to[edge] ?? 0)
}

class CycleSearch {
  readonly #forward: Adjacency
  readonly #backward: Adjacency
  readonly #gone: Uint8Array
  readonly #incoming: Int32Array
  readonly #outgoing: Int32Array
  readonly #seen: Int32Array
  readonly #reachedBy: Int32Array
  readonly #reachedFrom: Int32Array

  constructor(forward: Adjacency, backward: Adjacency) {
    const { size } = forward
    this.#forward = forward
    this.#backward = backward
    this.#gone = new Uint8Array(size)
    this.#outgoing = Int32Array.from({ length: size }, (_, node) => degree(forward, node))
    this.#incoming = Int32Array.from({ length: size }, (_, node) => degree(backward, node))
    this.#seen = new Int32Array(size).fill(-1)
    this.#reachedBy = new Int32Array(size)
    this.#reachedFrom = new Int32Array(size)
  }

  shortest(nodes: readonly number[]): readonly number[] {
    let best: readonly number[] = []
    for (const node of nodes) {
      if (this.#gone[node]) continue
      const cycle = this.#through(node, best.length === 0 ? Infinity : best.length - 1)
      if (cycle.length > 0) best = cycle
      this.#takeOut(node)
    }
    return best
  }

  /** A shortest cycle through `start` of at most `limit` edges, or none. */
  #through(start: number, limit: number): readonly number[] {
    const { offsets, targets, edges } = this.#forward
    let level = [start]
    for (let depth = 1; depth <= limit && level.length > 0; depth++) {
      const next: number[] = []
      for (const node of level)
        for (let slot = at(offsets, node); slot < at(offsets, node + 1); slot++) {
          const target = at(targets, slot)
          if (target === start) return [...this.#pathTo(start, node), at(edges, slot)]
          if (this.#gone[target] || this.#seen[target] === start) continue
          this.#seen[target] = start
          this.#reachedBy[target] = at(edges, slot)
          this.#reachedFrom[target] = node
          next.push(target)
        }
      level = next
    }
    return []
  }

  #pathTo(start: number, end: number): readonly number[] {
    const path: number[] = []
    for (let node = end; node !== start; node = at(this.#reachedFrom, node)) path.push(at(this.#reachedBy, node))
    return path.toReversed()
  }

  #takeOut(first: number): void {
    const leaving = [first]
    for (let node = leaving.pop(); node !== undefined; node = leaving.pop()) {
      if (this.#gone[node]) continue
      this.#gone[node] = 1
      release(this.#forward, node, this.#incoming, leaving)
      release(this.#backward, node, this.#outgoing, leaving)
    }
  }
}

/** Counts `node` out at its neighbours, and adds those to `alone` that have nobody left on that side. */
function release({ offsets, targets }: Adjacency, node: number, degrees: Int32Array, alone: number[]): void {
  for (let slot = at(offsets, node); slot < at(offsets, node + 1); slot++) {
    const target = at(targets, slot)
    const left = at(degrees, target) - 1
    degrees[target] = left
    if (left === 0) alone.push(target)
  }
}

function degree({ offsets }: Adjacency, node: number): number {
  return at(offsets, node + 1) - at(offsets, node)
}
