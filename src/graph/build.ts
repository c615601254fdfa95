import { adjacency } from './adjacency.ts'
import { checkGraph } from './check.ts'
import { compareCodeUnits } from './code-units.ts'
import { connect, type WaitingReference } from './connect.ts'
import { shortestCycles } from './cycle.ts'
import type { GraphNode, GraphPackage } from './node.ts'
import { linearExtension } from './order.ts'
import { rankPackages } from './package-rank.ts'
import type { GraphEdge, GraphProblem } from './problem.ts'

/** Edges into a migration, as positions in the order, ascending, each in one of the lists only. */
export interface Edges {
  /** Declared: `dependsOn` and `parents`. */
  readonly parents: readonly number[]
  /** Implied: the one above in the package, and `runBefore` of others. */
  readonly after: readonly number[]
}

export interface Graph {
  /** Indexes into the given nodes, in the order of work. Empty while there are problems. */
  readonly order: readonly number[]
  /** Per position in `order`. */
  readonly edges: readonly Edges[]
  readonly waiting: readonly WaitingReference[]
  /** All of them, not the first. */
  readonly problems: readonly GraphProblem[]
}

/**
 * Orders the migrations of all packages, or says everything that is wrong. The answer does not depend on the order in
 * which packages and nodes are given. O((V + E) log V), without recursion.
 */
export function buildGraph(packages: readonly GraphPackage[], nodes: readonly GraphNode[]): Graph {
  const sequence = sequenceOf(packages, nodes)
  const { byId, edges, waiting, problems } = connect(packages, nodes, sequence)
  const priority = new Int32Array(nodes.length)
  for (const [position, index] of sequence.entries()) priority[index] = position
  const from = edges.map(({ before }) => priority[before] ?? 0)
  const to = edges.map(({ after }) => priority[after] ?? 0)
  const order = linearExtension(adjacency(nodes.length, from, to))
  const circles = order.length < nodes.length ? cycles(nodes.length, from, to, edges) : []
  const found = [...problems, ...checkGraph(nodes, sequence, edges, byId), ...circles]
  if (found.length > 0) return { order: [], edges: [], waiting, problems: found }
  const indexes = order.map((position) => sequence[position] ?? 0)
  return { order: indexes, edges: splitEdges(indexes, edges), waiting, problems: [] }
}

/** Package by package in the order of their ranks, each in the order of its nodes: what priority means. */
function sequenceOf(packages: readonly GraphPackage[], nodes: readonly GraphNode[]): readonly number[] {
  const owners = nodes.map((node) => node.package)
  const ranks = rankPackages(packages, owners)
  const rankOf = owners.map((name) => ranks.get(name) ?? 0)
  return nodes
    .map((_, index) => index)
    .toSorted((a, b) => {
      const one = nodes[a]
      const other = nodes[b]
      if (!one || !other) return 0
      return (rankOf[a] ?? 0) - (rankOf[b] ?? 0) || one.index - other.index || compareCodeUnits(one.id, other.id)
    })
}

function cycles(
  size: number,
  from: readonly number[],
  to: readonly number[],
  edges: readonly GraphEdge[],
): readonly GraphProblem[] {
  return shortestCycles(size, from, to).flatMap((cycle) => {
    const [first, ...rest] = cycle.flatMap((edge) => edges[edge] ?? [])
    return first ? [{ kind: 'cycle' as const, edges: [first, ...rest] as const }] : []
  })
}

/** An edge that is declared and implied counts as declared: the stricter of the two. */
function splitEdges(order: readonly number[], edges: readonly GraphEdge[]): readonly Edges[] {
  const position = new Int32Array(order.length)
  for (const [at, index] of order.entries()) position[index] = at
  const parents = order.map((): number[] => [])
  const after = order.map((): number[] => [])
  for (const edge of edges) {
    const declared = edge.kind === 'parents' || edge.kind === 'dependsOn'
    const lists = declared ? parents : after
    lists[position[edge.after] ?? 0]?.push(position[edge.before] ?? 0)
  }
  return order.map((_, at) => {
    const declared = ascending(parents[at] ?? [])
    return { parents: declared, after: ascending(after[at] ?? []).filter((before) => !declared.includes(before)) }
  })
}

/** Sorted, each once. */
function ascending(values: readonly number[]): readonly number[] {
  if (values.length < 2) return values
  return values.toSorted((a, b) => a - b).filter((value, index, sorted) => value !== sorted[index - 1])
}
