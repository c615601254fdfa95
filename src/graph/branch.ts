import { withAncestors, withDescendants } from './closure.ts'
import type { Graph } from './graph.ts'
import { type Marks, marksOf } from './marks.ts'
import { at } from './order/adjacency.ts'

/** Positions of the migrations that carry a label, ascending. */
export function labelled({ members }: Graph, label: string): readonly number[] {
  const positions: number[] = []
  for (const [position, { labels }] of members.entries()) if (labels?.includes(label)) positions.push(position)
  return positions
}

/** Label → positions of the migrations that carry it, ascending. In the order of the first of these. */
export function carriersOf({ members }: Graph): ReadonlyMap<string, readonly number[]> {
  const carriers = new Map<string, number[]>()
  for (const [position, { labels = [] }] of members.entries())
    for (const label of new Set(labels)) {
      const same = carriers.get(label)
      if (same) same.push(position)
      else carriers.set(label, [position])
    }
  return carriers
}

/**
 * The branch that a label names: the migrations that carry it, what follows them in their package, and what leads to
 * them since the last fork or merge. As in Alembic, whose labels reach back to the branch point; but an edge beside a
 * longer way is neither a fork nor a merge.
 *
 * @param carriers Ascending, see `labelled`.
 */
export function branchOf(graph: Graph, carriers: readonly number[]): Marks {
  const branch = withDescendants(graph, marksOf(graph, carriers), 'inside packages')
  const [first] = carriers
  if (first === undefined) return branch
  // Per position, how many of those that follow it directly are not in the branch: with any, it is a fork.
  const others = new Int32Array(branch.length)
  for (let position = 0; position < branch.length; position++)
    for (const parent of branch[position] === 0 ? parentsInPackage(graph, position) : [])
      others[parent] = at(others, parent) + 1
  for (let parent = onlyParent(graph, first); parent !== undefined; parent = onlyParent(graph, parent)) {
    if (at(others, parent) > 0) break
    branch[parent] = 1
    for (const above of parentsInPackage(graph, parent)) others[above] = at(others, above) - 1
  }
  return branch
}

/** The migration of the same package that comes directly before; none where several do. */
function onlyParent(graph: Graph, position: number): number | undefined {
  const parents = parentsInPackage(graph, position)
  const last = parents.at(-1)
  if (last === undefined || parents.length === 1) return last
  const line = withAncestors(graph, marksOf(graph, [last]), 'inside packages')
  return parents.every((parent) => line[parent] === 1) ? last : undefined
}

/** The migrations of the same package with an edge to one, ascending, each once. */
export function parentsInPackage({ edges: { offsets, before }, owners }: Graph, position: number): readonly number[] {
  const parents = new Set<number>()
  for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++)
    if (at(owners, at(before, slot)) === at(owners, position)) parents.add(at(before, slot))
  return [...parents].toSorted((a, b) => a - b)
}
