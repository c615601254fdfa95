import { withDescendants } from './closure.ts'
import type { Graph } from './graph.ts'
import { type Marks, marksOf } from './marks.ts'
import { at } from './order/adjacency.ts'

/** Positions of the migrations that carry a label, ascending. */
export function labelled({ members }: Graph, label: string): readonly number[] {
  const positions: number[] = []
  for (const [position, { labels }] of members.entries()) if (labels?.includes(label)) positions.push(position)
  return positions
}

/** All labels, in the order of the migrations that carry them. */
export function labelsOf({ members }: Graph): readonly string[] {
  const found = new Set<string>()
  for (const { labels } of members) if (labels) for (const label of labels) found.add(label)
  return [...found]
}

/**
 * The branch that a label names: the migrations that carry it, what follows them in their package, and what leads to
 * them since the last fork or merge. As in Alembic, whose labels reach back to the branch point.
 *
 * @param carriers Ascending, see `labelled`.
 */
export function branchOf(graph: Graph, carriers: readonly number[]): Marks {
  const branch = withDescendants(graph, marksOf(graph, carriers), 'inside packages')
  const [first] = carriers
  if (first === undefined) return branch
  const children = childrenInPackage(graph)
  let position = first
  for (;;) {
    const [parent, ...others] = parentsInPackage(graph, position)
    if (parent === undefined || others.length > 0 || (children[parent] ?? 0) > 1) return branch
    branch[parent] = 1
    position = parent
  }
}

/** The migrations of the same package that come directly before, ascending, each once. */
export function parentsInPackage({ edges: { offsets, before }, owners }: Graph, position: number): readonly number[] {
  const parents = new Set<number>()
  for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++)
    if (at(owners, at(before, slot)) === at(owners, position)) parents.add(at(before, slot))
  return [...parents].toSorted((a, b) => a - b)
}

/** Per position: how many migrations of the same package come directly after. */
function childrenInPackage(graph: Graph): Int32Array {
  const children = new Int32Array(graph.members.length)
  for (let position = 0; position < children.length; position++)
    for (const parent of parentsInPackage(graph, position)) children[parent] = at(children, parent) + 1
  return children
}
