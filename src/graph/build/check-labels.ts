import { carriersOf } from '../branch.ts'
import { type Graph, packageAt } from '../graph.ts'
import { at } from '../order/adjacency.ts'
import type { GraphProblem } from './problem.ts'

const LABEL = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/

/**
 * A label names one branch: whoever carries it follows, inside the package, whoever carried it before. And a target must
 * be able to name it.
 *
 * @param given Position → index of the node as given.
 */
export function findLabelProblems(graph: Graph, given: (position: number) => number): readonly GraphProblem[] {
  const packages = new Set(graph.members.map((_, position) => packageAt(graph, position)))
  return [...carriersOf(graph)].flatMap(([label, carriers]): readonly GraphProblem[] => {
    const [first = 0] = carriers
    if (!LABEL.test(label) || packages.has(label)) return [{ kind: 'unusable-label', label, node: given(first) }]
    const stray = findStray(graph, carriers)
    if (stray === undefined) return []
    return [{ kind: 'label-conflict', label, nodes: [given(carriers[stray - 1] ?? 0), given(carriers[stray] ?? 0)] }]
  })
}

/**
 * The index of the first that does not follow the one before it. They are one line where each has all before it on one
 * way that leads to it; so the most of them on any way are counted, position by position, in O(V + E) between the first
 * and the last.
 *
 * @param carriers Ascending.
 */
function findStray({ edges: { offsets, before }, owners }: Graph, carriers: readonly number[]): number | undefined {
  const [first = 0] = carriers
  const most = new Int32Array((carriers.at(-1) ?? 0) - first + 1)
  let found = 0
  for (let position = first; found < carriers.length; position++) {
    let count = 0
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const parent = at(before, slot)
      if (parent >= first && at(owners, parent) === at(owners, position))
        count = Math.max(count, at(most, parent - first))
    }
    if (position === carriers[found]) {
      if (count !== found) return found
      count = ++found
    }
    most[position - first] = count
  }
  return undefined
}
