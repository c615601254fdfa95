import { REPLACES, isDeclared } from './edges.ts'
import type { Graph } from './graph.ts'
import { at } from './order/adjacency.ts'

/** Edges into a migration as a manifest has them: positions, ascending, each in one of the lists only. */
export interface ManifestEdges {
  /** Declared: `dependsOn` and `parents`. An edge that is declared and implied counts as declared. */
  readonly parents: readonly number[]
  /** Implied: the one above in the package, and `runBefore` of others. */
  readonly after: readonly number[]
}

/** Per position. What a squash adds is left out: it follows from `replaces`. */
export function manifestEdges({ members, edges: { offsets, before, kinds } }: Graph): readonly ManifestEdges[] {
  return members.map((_, position) => {
    const declared = new Set<number>()
    const implied = new Set<number>()
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const kind = kinds[slot] ?? 0
      if (kind !== REPLACES) (isDeclared(kind) ? declared : implied).add(at(before, slot))
    }
    const ascending = (positions: Iterable<number>): readonly number[] => [...positions].toSorted((a, b) => a - b)
    return { parents: ascending(declared), after: ascending([...implied].filter((other) => !declared.has(other))) }
  })
}
