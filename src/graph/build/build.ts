import type { Graph } from '../graph.ts'
import type { GraphNode, GraphPackage } from '../node.ts'
import { adjacency, at } from '../order/adjacency.ts'
import { linearExtension } from '../order/linear-extension.ts'
import { findConflicts, findSeveralHeads } from './check.ts'
import { findLabelProblems } from './check-labels.ts'
import { connect } from './connect.ts'
import { findRunsLater } from './check-later.ts'
import { findCycles } from './cycles.ts'
import { internIds } from './names.ts'
import { orderedGraph } from './ordered-graph.ts'
import type { GraphProblem } from './problem.ts'
import type { WaitingReference } from './references.ts'
import { alwaysLast, withRepeatables } from './repeatables.ts'
import { checkReplaces } from './replaces.ts'
import { sequenceOf } from './sequence.ts'

export interface BuiltGraph {
  /** Where there are problems, only what could be ordered in spite of them: for showing, never for running. */
  readonly graph: Graph
  /** Position → index of the node as given. */
  readonly given: Int32Array
  readonly waiting: readonly WaitingReference[]
  /** All of them, not the first. */
  readonly problems: readonly GraphProblem[]
}

/**
 * Orders the migrations of all packages, and says everything that is wrong. The answer does not depend on the order in
 * which packages and nodes are given. O((V + E) log V), without recursion.
 */
export function buildGraph(packages: readonly GraphPackage[], nodes: readonly GraphNode[]): BuiltGraph {
  const sequence = sequenceOf(packages, nodes)
  const { numbers, problems: duplicates } = internIds(sequence)
  const { table, problems: unreplaceable } = checkReplaces(sequence, numbers)
  const { edges, excused, waiting, problems } = connect(packages, sequence, numbers, table)
  const later = findRunsLater(sequence, edges)
  const ordering = withRepeatables(sequence, edges)
  const extension = linearExtension(adjacency(nodes.length, ordering.from, ordering.to, ordering.size))
  const order = later.length > 0 ? extension : alwaysLast(sequence, extension)
  const graph = orderedGraph(sequence, numbers, edges, order)
  const given = order.map((number) => at(sequence.given, number))
  return {
    graph,
    given,
    waiting,
    problems: [
      ...problems,
      ...unreplaceable,
      ...duplicates,
      ...later,
      ...findConflicts(sequence, numbers),
      ...findSeveralHeads(sequence, edges, excused),
      ...(order.length < nodes.length ? findCycles(sequence, ordering) : []),
      ...findLabelProblems(graph, (position) => at(given, position)),
    ],
  }
}
