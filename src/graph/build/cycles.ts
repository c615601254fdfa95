import { EDGE_KINDS, type EdgeKind, type EdgeList } from '../edges.ts'
import { at } from '../order/adjacency.ts'
import { shortestCycles } from '../order/shortest-cycles.ts'
import { parseReference } from './reference.ts'
import type { CycleProblem, GraphEdge } from './problem.ts'
import type { Sequence } from './sequence.ts'

/** A shortest cycle of every tangle. */
export function findCycles(sequence: Sequence, edges: EdgeList): readonly CycleProblem[] {
  const { from, to, size } = edges
  return shortestCycles(sequence.nodes.length, from.subarray(0, size), to.subarray(0, size)).flatMap((cycle) => {
    const [first, ...rest] = cycle.map((edge) => edgeOf(sequence, edges, edge))
    return first ? [{ kind: 'cycle', through: through([first, ...rest]), edges: [first, ...rest] }] : []
  })
}

function through(edges: readonly GraphEdge[]): CycleProblem['through'] {
  const isParent = ({ kind }: GraphEdge): boolean => kind === 'parents' || kind === 'above'
  if (edges.every(isParent)) return 'parents'
  return edges.some(isParent) ? 'both' : 'dependencies'
}

function edgeOf({ nodes, given }: Sequence, { from, to, kinds }: EdgeList, edge: number): GraphEdge {
  const before = nodes[at(from, edge)]
  const after = nodes[at(to, edge)]
  const kind: EdgeKind = EDGE_KINDS[kinds[edge] ?? 0] ?? 'parents'
  const [speaker, named] = kind === 'runBefore' ? [before, after] : [after, before]
  const written = kind === 'above' ? [] : (speaker?.[kind] ?? [])
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
