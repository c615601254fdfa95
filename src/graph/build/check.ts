import { compareCodeUnits } from '../code-units.ts'
import type { EdgeList } from '../edges.ts'
import type { Id } from '../manifest.ts'
import { at } from '../order/adjacency.ts'
import { isRepeatable } from '../repeatables.ts'
import type { GraphProblem } from './problem.ts'
import type { Sequence } from './sequence.ts'

/** A pair that excludes each other is told once, whoever says it. */
export function findConflicts({ nodes, given }: Sequence, numbers: ReadonlyMap<Id, number>): readonly GraphProblem[] {
  const told = new Set<string>()
  const problems: GraphProblem[] = []
  for (const [number, { id, conflictsWith = [] }] of nodes.entries())
    for (const reference of conflictsWith) {
      const found = numbers.get(reference)
      if (found === undefined) continue
      const written = { node: at(given, number), field: 'conflictsWith', reference } as const
      if (found === number) problems.push({ kind: 'self-dependency', ...written })
      const pair = [id, nodes[found]?.id ?? ''].toSorted(compareCodeUnits).join(' ')
      if (found === number || told.has(pair)) continue
      told.add(pair)
      problems.push({ kind: 'conflict', ...written, other: at(given, found) })
    }
  return problems
}

/** A head is a node that no other node of its package comes after. What repeats neither is one nor hides one; `excused` ones do not count. */
export function findSeveralHeads(
  { nodes, owners, given, packages }: Sequence,
  edges: EdgeList,
  excused: readonly number[],
): readonly GraphProblem[] {
  const followed = new Uint8Array(nodes.length)
  for (let edge = 0; edge < edges.size; edge++) {
    const before = at(edges.from, edge)
    const after = at(edges.to, edge)
    if (at(owners, before) === at(owners, after) && !isRepeatable(nodes[after])) followed[before] = 1
  }
  for (const number of excused) followed[number] = 1
  const problems: GraphProblem[] = []
  let start = 0
  while (start < nodes.length) {
    const owner = at(owners, start)
    const heads: number[] = []
    let end = start
    for (; end < nodes.length && at(owners, end) === owner; end++) {
      if (followed[end] === 0 && !isRepeatable(nodes[end])) heads.push(at(given, end))
    }
    if (heads.length > 1) problems.push({ kind: 'several-heads', package: packages[owner] ?? '', heads })
    start = end
  }
  return problems
}
