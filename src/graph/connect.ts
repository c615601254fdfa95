import type { Id } from './manifest.ts'
import type { GraphNode, GraphPackage } from './node.ts'
import type { EdgeKind, GraphEdge, GraphProblem, ReferenceField } from './problem.ts'
import { parseReference } from './reference.ts'

/** A reference to an absent package that its owner lists as optional: it counts when the package comes. */
export interface WaitingReference {
  readonly node: number
  readonly field: ReferenceField
  readonly reference: string
}

export interface Connections {
  /** The first node of each id, in the sequence. */
  readonly byId: ReadonlyMap<Id, number>
  readonly edges: readonly GraphEdge[]
  readonly waiting: readonly WaitingReference[]
  readonly problems: readonly GraphProblem[]
}

/**
 * Turns what nodes say about each other into edges. Goes through all of it: what is wrong is collected, and the rest
 * still makes edges.
 *
 * @param sequence Indexes into `nodes`: package by package, each in the order of its nodes.
 */
export function connect(
  packages: readonly GraphPackage[],
  nodes: readonly GraphNode[],
  sequence: readonly number[],
): Connections {
  const edges: GraphEdge[] = []
  const waiting: WaitingReference[] = []
  const problems: GraphProblem[] = []
  const byId = new Map<Id, number>()
  const owners = new Set(nodes.map((node) => node.package))
  const optional = new Map<string, Set<string>>()
  const installed = new Set(packages.map(({ name }) => name))
  for (const owner of packages) {
    const names = optional.get(owner.name) ?? new Set()
    for (const name of owner.optional) names.add(name)
    optional.set(owner.name, names)
  }
  for (const index of sequence) {
    const id = nodes[index]?.id
    if (id !== undefined && !byId.has(id)) byId.set(id, index)
  }

  /** Nodes that a reference names; none where it waits or is wrong, and then that is noted. */
  function resolve(node: number, field: ReferenceField, text: string): readonly number[] | 'base' {
    const written = { node, field, reference: text }
    const owner = nodes[node]?.package ?? ''
    const reference = parseReference(text)
    if (reference.kind === 'malformed') problems.push({ kind: 'malformed-reference', ...written })
    if (reference.kind === 'malformed') return []
    if (reference.kind === 'plain') {
      const proposal = `${owner}:${text}`
      const names = owners.has(text) || installed.has(text) || optional.get(owner)?.has(text) || text.startsWith('@')
      if (names && !byId.has(proposal)) problems.push({ kind: 'floating-reference', ...written })
      else problems.push({ kind: 'bare-reference', ...written, proposal })
      return []
    }
    const name = reference.package
    if (!owners.has(name)) {
      if (optional.get(owner)?.has(name)) waiting.push(written)
      else problems.push({ kind: 'absent-package', ...written, package: name, installed: installed.has(name) })
      return []
    }
    if (reference.kind === 'base') return 'base'
    const found = byId.get(reference.id)
    if (found === undefined) problems.push({ kind: 'missing-migration', ...written })
    if (found === node) problems.push({ kind: 'self-dependency', ...written })
    return found === undefined || found === node ? [] : [found]
  }

  function add(node: number, other: number, kind: EdgeKind, reference: string): void {
    const [before, after] = kind === 'runBefore' ? [node, other] : [other, node]
    edges.push({ before, after, kind, reference })
  }

  const toBases: { readonly node: number; readonly kind: 'dependsOn' | 'runBefore'; readonly reference: string }[] = []
  let above: number | undefined
  for (const index of sequence) {
    const node = nodes[index]
    if (!node) continue
    if (above !== undefined && nodes[above]?.package !== node.package) above = undefined
    const parents: number[] = []
    for (const reference of node.parents ?? []) {
      const found = byId.get(reference)
      const written = { node: index, field: 'parents', reference } as const
      if (found === index) problems.push({ kind: 'self-dependency', ...written })
      else if (found === undefined || nodes[found]?.package !== node.package)
        problems.push({ kind: 'missing-parent', ...written })
      else parents.push(found)
    }
    for (const parent of parents) add(index, parent, 'parents', nodes[parent]?.id ?? '')
    // Where every named parent is wrong, the one above stands in, so that one mistake does not look like two heads too.
    const stands = node.parents === undefined || (node.parents.length > 0 && parents.length === 0)
    if (stands && above !== undefined) add(index, above, 'above', nodes[above]?.id ?? '')
    for (const kind of ['dependsOn', 'runBefore'] as const)
      for (const reference of node[kind]) {
        // Nearly all: an id that is there. Only the rest is worth a closer look.
        const known = byId.get(reference)
        if (known !== undefined && known !== index) {
          add(index, known, kind, reference)
          continue
        }
        const found = resolve(index, kind, reference)
        if (found === 'base') toBases.push({ node: index, kind, reference })
        else for (const other of found) add(index, other, kind, reference)
      }
    above = index
  }

  const bases = toBases.length > 0 ? basesOf(nodes, sequence, edges) : new Map<string, readonly number[]>()
  for (const { node, kind, reference } of toBases)
    for (const base of bases.get(reference.slice(0, reference.lastIndexOf('@'))) ?? [])
      if (base === node) problems.push({ kind: 'self-dependency', node, field: kind, reference })
      else add(node, base, kind, reference)
  return { byId, edges, waiting, problems }
}

/** Per package the nodes that no other node of it comes before. */
function basesOf(
  nodes: readonly GraphNode[],
  sequence: readonly number[],
  edges: readonly GraphEdge[],
): ReadonlyMap<string, readonly number[]> {
  const follows = new Set<number>()
  for (const { before, after } of edges) if (nodes[before]?.package === nodes[after]?.package) follows.add(after)
  const bases = new Map<string, number[]>()
  for (const index of sequence) {
    const owner = nodes[index]?.package
    if (owner === undefined || follows.has(index)) continue
    const list = bases.get(owner)
    if (list) list.push(index)
    else bases.set(owner, [index])
  }
  return bases
}
