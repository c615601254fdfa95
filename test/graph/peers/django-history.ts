import type { Graph, HistoryFinding, Id, Manifest } from '../../../src/graph.ts'
import { manifestEdges } from '../../../src/graph/manifest-edges.ts'
import { manifestOf } from '../../runtime/manifest.ts'

/** The manifest that a build would make of this graph. */
export function historyOf(graph: Graph): Manifest {
  const edges = manifestEdges(graph)
  const manifest = manifestOf(graph.members.map(({ id, replaces = [] }) => ({ id, replaces, uses: {}, hash: '' })))
  return { ...manifest, migrations: manifest.migrations.map((migration, index) => ({ ...migration, ...edges[index] })) }
}

/** What is applied, and what of its dependencies is not. */
export function inconsistentPairs(findings: readonly HistoryFinding[]): readonly (readonly [Id, Id])[] {
  return findings.flatMap((finding) =>
    finding.kind === 'inconsistent' ? [[finding.id, finding.pending] as const] : [],
  )
}
