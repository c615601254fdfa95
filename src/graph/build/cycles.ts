import type { EdgeList } from '../edges.ts'
import { shortestCycles } from '../order/shortest-cycles.ts'
import { edgeOf } from './edge-of.ts'
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
