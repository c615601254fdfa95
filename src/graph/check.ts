import { compareCodeUnits } from './code-units.ts'
import type { Id } from './manifest.ts'
import type { GraphNode } from './node.ts'
import type { GraphEdge, GraphProblem } from './problem.ts'

/**
 * Problems that show in the nodes and edges as a whole; what a single reference gets wrong is found by `connect`.
 *
 * @param first The first node of each id.
 */
export function checkGraph(
  nodes: readonly GraphNode[],
  sequence: readonly number[],
  edges: readonly GraphEdge[],
  first: ReadonlyMap<Id, number>,
): readonly GraphProblem[] {
  const same = first.size < nodes.length ? duplicates(nodes, sequence) : []
  return [...same, ...conflicts(nodes, sequence, first), ...severalHeads(nodes, sequence, edges)]
}

function duplicates(nodes: readonly GraphNode[], sequence: readonly number[]): readonly GraphProblem[] {
  const byId = new Map<Id, number[]>()
  for (const index of sequence) {
    const id = nodes[index]?.id ?? ''
    const same = byId.get(id)
    if (same) same.push(index)
    else byId.set(id, [index])
  }
  return [...byId]
    .filter(([, same]) => same.length > 1)
    .map(([id, same]) => ({ kind: 'duplicate-id', id, nodes: same }))
}

/** A pair that excludes each other is told once, whoever says it. */
function conflicts(
  nodes: readonly GraphNode[],
  sequence: readonly number[],
  byId: ReadonlyMap<Id, number>,
): readonly GraphProblem[] {
  const told = new Set<string>()
  const problems: GraphProblem[] = []
  for (const node of sequence)
    for (const reference of nodes[node]?.conflictsWith ?? []) {
      const other = byId.get(reference)
      if (other === undefined) continue
      if (other === node) problems.push({ kind: 'self-dependency', node, field: 'conflictsWith', reference })
      const pair = [nodes[node]?.id ?? '', reference].toSorted(compareCodeUnits).join(' ')
      if (other === node || told.has(pair)) continue
      told.add(pair)
      problems.push({ kind: 'conflict', node, field: 'conflictsWith', reference, other })
    }
  return problems
}

/** A head is a node that no other node of its package comes after. */
function severalHeads(
  nodes: readonly GraphNode[],
  sequence: readonly number[],
  edges: readonly GraphEdge[],
): readonly GraphProblem[] {
  const followed = new Set<number>()
  for (const { before, after } of edges) if (nodes[before]?.package === nodes[after]?.package) followed.add(before)
  const heads = new Map<string, number[]>()
  for (const index of sequence) {
    const owner = nodes[index]?.package
    if (owner === undefined || followed.has(index)) continue
    const list = heads.get(owner)
    if (list) list.push(index)
    else heads.set(owner, [index])
  }
  return [...heads]
    .filter(([, list]) => list.length > 1)
    .map(([name, list]) => ({ kind: 'several-heads', package: name, heads: list }))
}
