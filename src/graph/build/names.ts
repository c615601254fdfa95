import type { Id } from '../manifest.ts'
import type { GraphProblem } from './problem.ts'
import type { Sequence } from './sequence.ts'

export interface Names {
  /** Id or former id → place in the sequence; the first where several nodes have it. */
  readonly numbers: ReadonlyMap<Id, number>
  readonly problems: readonly GraphProblem[]
}

/** Interns every id once. An id belongs to one migration for ever, so that a former one is never another's. */
export function internIds(sequence: Sequence): Names {
  const { nodes } = sequence
  const numbers = new Map<Id, number>()
  // From the end, so that of several nodes with one id the first stays.
  for (let number = nodes.length - 1; number >= 0; number--) numbers.set(nodes[number]?.id ?? '', number)
  let isAmbiguous = numbers.size < nodes.length
  for (const [number, { formerly }] of nodes.entries()) {
    if (formerly === undefined) continue
    for (const former of formerly) {
      const known = numbers.get(former)
      if (known === undefined) numbers.set(former, number)
      else if (known !== number) isAmbiguous = true
    }
  }
  return { numbers, problems: isAmbiguous ? findDuplicates(sequence) : [] }
}

function findDuplicates({ nodes, given }: Sequence): readonly GraphProblem[] {
  const nodesOf = new Map<Id, number[]>()
  for (const [number, { id, formerly = [] }] of nodes.entries())
    for (const name of new Set([id, ...formerly])) {
      const same = nodesOf.get(name)
      if (same) same.push(given[number] ?? 0)
      else nodesOf.set(name, [given[number] ?? 0])
    }
  return [...nodesOf]
    .filter(([, same]) => same.length > 1)
    .map(([id, same]): GraphProblem => ({ kind: 'duplicate-id', id, nodes: same }))
}
