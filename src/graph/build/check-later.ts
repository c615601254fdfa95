import { type EdgeList, isDeclared } from '../edges.ts'
import type { GraphNode } from '../node.ts'
import { at } from '../order/adjacency.ts'
import { edgeOf } from './edge-of.ts'
import type { LaterProblem } from './problem.ts'
import { runsAlways } from './repeatables.ts'
import type { Sequence } from './sequence.ts'

/** Migrations that come after one which a run may leave for later, though they themselves cannot wait. */
export function findRunsLater(sequence: Sequence, edges: EdgeList): readonly LaterProblem[] {
  const { nodes } = sequence
  const problems: LaterProblem[] = []
  for (let edge = 0; edge < edges.size; edge++) {
    const before = nodes[at(edges.from, edge)]
    const after = nodes[at(edges.to, edge)]
    const trait = laterBy(before, after, edges.kinds[edge] ?? 0)
    if (trait) problems.push({ kind: 'runs-later', trait, edge: edgeOf(sequence, edges, edge) })
  }
  return problems
}

function laterBy(
  before: GraphNode | undefined,
  after: GraphNode | undefined,
  kind: number,
): LaterProblem['trait'] | undefined {
  if (runsAlways(before) && !runsAlways(after)) return 'repeatable'
  const isNeeded = before?.traits?.deferrable && !after?.traits?.deferrable && isDeclared(kind)
  return isNeeded ? 'deferrable' : undefined
}
