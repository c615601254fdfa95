import type { Graph } from './graph.ts'
import type { Traits } from './manifest.ts'
import type { Marks } from './marks.ts'
import { at } from './order/adjacency.ts'
import type { Situation } from './situation.ts'

type Known = Pick<Situation, 'graph' | 'active' | 'applied'>

/** Runs again and again: it has no place among those of its package that run once. */
export function isRepeatable(migration: { readonly traits?: Traits } | undefined): boolean {
  return migration?.traits?.repeatable !== undefined
}

/** Those of `marks` that run once: what repeats is no head, no base and no step. */
export function onlyOnce({ members }: Graph, marks: Marks): Marks {
  return marks.map((mark, position) => (isRepeatable(members[position]) ? 0 : mark))
}

/**
 * `marks` and all that must come before them, which for what repeats is all of its package that runs once. That is no
 * edge: what is applied is not held against anything new, and does not go when one of those goes.
 */
export function withNeeded({ graph, active, applied }: Known, marks: Marks): Marks {
  const { edges, owners, members } = graph
  const closed = marks.slice()
  /** Packages of what repeats and is to run. All that it needs has lower positions. */
  const needed = new Set<number>()
  for (let position = closed.length - 1; position >= 0; position--) {
    const repeats = isRepeatable(members[position])
    if (!repeats && active[position] === 1 && needed.has(at(owners, position))) closed[position] = 1
    if (closed[position] === 0) continue
    if (repeats && applied[position] === 0) needed.add(at(owners, position))
    for (let slot = at(edges.offsets, position); slot < at(edges.offsets, position + 1); slot++)
      closed[at(edges.before, slot)] = 1
  }
  return closed
}
