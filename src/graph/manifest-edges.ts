import { REPLACES, isDeclared } from './edges.ts'
import { type Graph, idAt } from './graph.ts'
import type { Id } from './manifest.ts'
import { at } from './order/adjacency.ts'

/** What a manifest has of a migration's place in the order. */
export interface ManifestEdges {
  /** Declared: `dependsOn` and `parents`. Positions, ascending. An edge that is declared and implied counts as declared. */
  readonly parents: readonly number[]
  /** Implied: the one above in the package, and `runBefore` of others. Positions, ascending. */
  readonly after: readonly number[]
  /** Of a squash: what it replaces directly. What another squash among these replaces is that one's. */
  readonly replaces: readonly Id[]
}

/** Per position. Edges that a squash adds are left out: they follow from `replaces`. */
export function manifestEdges(graph: Graph): readonly ManifestEdges[] {
  const { members, edges, squashes } = graph
  const { offsets, before, kinds } = edges
  const replaced = new Map(
    squashes.squashes.map(({ node, members: inside, missing }) => {
      return [node, [...inside.map((position) => idAt(graph, position)), ...missing]]
    }),
  )
  return members.map((_, position) => {
    const declared = new Set<number>()
    const implied = new Set<number>()
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const kind = kinds[slot] ?? 0
      if (kind !== REPLACES) (isDeclared(kind) ? declared : implied).add(at(before, slot))
    }
    const ascending = (positions: Iterable<number>): readonly number[] => [...positions].toSorted((a, b) => a - b)
    const after = ascending([...implied].filter((other) => !declared.has(other)))
    return { parents: ascending(declared), after, replaces: replaced.get(position) ?? [] }
  })
}
