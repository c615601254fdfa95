import { EDGE_KINDS, type EdgeKind, type EdgeList } from '../edges.ts'
import { at } from '../order/adjacency.ts'
import type { GraphEdge } from './problem.ts'
import { parseReference } from './reference.ts'
import type { Sequence } from './sequence.ts'

/** One of the edges as it is told: who says it, and how it is written there. */
export function edgeOf({ nodes, given }: Sequence, { from, to, kinds }: EdgeList, edge: number): GraphEdge {
  const before = nodes[at(from, edge)]
  const after = nodes[at(to, edge)]
  const kind: EdgeKind = EDGE_KINDS[kinds[edge] ?? 0] ?? 'parents'
  const [speaker, named] = kind === 'runBefore' ? [before, after] : [after, before]
  const written = kind === 'above' || kind === 'repeatable' ? [] : (speaker?.[kind] ?? [])
  const names = [named?.id, ...(named?.formerly ?? []), ...(named?.replaces ?? [])]
  const reference =
    written.find((text) => names.includes(text)) ??
    written.find((text) => isBaseOf(text, named?.package)) ??
    named?.id ??
    ''
  return { before: at(given, at(from, edge)), after: at(given, at(to, edge)), kind, reference }
}

function isBaseOf(text: string, owner: string | undefined): boolean {
  const reference = parseReference(text)
  return reference.kind === 'base' && reference.package === owner
}
