import { labelled, labelsOf } from '../branch.ts'
import { withDescendants } from '../closure.ts'
import { type Graph, packageAt } from '../graph.ts'
import { marksOf } from '../marks.ts'
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
  return labelsOf(graph).flatMap((label): readonly GraphProblem[] => {
    const [first = 0, ...others] = labelled(graph, label)
    if (!LABEL.test(label) || packages.has(label)) return [{ kind: 'unusable-label', label, node: given(first) }]
    let last = first
    for (const next of others) {
      const line = withDescendants(graph, marksOf(graph, [last]), 'inside packages')
      if (line[next] === 0) return [{ kind: 'label-conflict', label, nodes: [given(last), given(next)] }]
      last = next
    }
    return []
  })
}
