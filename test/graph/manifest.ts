import { examineHistory } from '../../src/graph/examine-history.ts'
import type { HistoryFinding } from '../../src/graph/history.ts'
import type { Id, Manifest } from '../../src/graph/manifest.ts'
import { manifestEdges } from '../../src/graph/manifest-edges.ts'
import type { GraphNode } from '../../src/graph/node.ts'
import { graphWith } from './cases.ts'

/** As the build would emit it: the hash of an id is `now:` and the id. */
export function manifestOf(nodes: readonly GraphNode[], more: Partial<Manifest> = {}): Manifest {
  const graph = graphWith(nodes)
  const edges = manifestEdges(graph)
  const built = graph.members.map(({ id, formerly = [], labels = [] }, index) => {
    const { parents = [], after = [], replaces = [] } = edges[index] ?? {}
    const order = { parents, after, formerly, replaces, labels }
    const accepted = [`accepted:${id}`]
    const code = { version: '1.0.0', format: 'module' as const, variants: [], uses: {}, has: ['up' as const] }
    return { id, hash: `now:${id}`, accepted, ...code, ...order, load: () => Promise.reject(new Error('not loaded')) }
  })
  return { v: 1, digest: '', retired: [], migrations: built, ...more }
}

/** @param applied Id → recorded hash. */
export function examine(
  manifest: Manifest,
  applied: Readonly<Record<Id, string | null>>,
): { readonly findings: readonly HistoryFinding[]; readonly pending: readonly Id[] } {
  const recorded = new Map(Object.entries(applied))
  const { findings, pending } = examineHistory(manifest, {
    hashOf: (_, id) => recorded.get(id),
    ids: [...recorded.keys()],
  })
  return { findings, pending: pending.map((index) => manifest.migrations[index]?.id ?? '') }
}
