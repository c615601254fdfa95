import type { Id } from '../manifest.ts'
import type { GraphProblem } from './problem.ts'
import type { Sequence } from './sequence.ts'

export interface Names {
  /** Id or former id → place in the sequence; the first where several nodes have it. */
  readonly numbers: ReadonlyMap<Id, number>
  readonly problems: readonly GraphProblem[]
}

/** Interns every id once. An id belongs to one migration for ever, so that a former one is never another's. */
export function internIds({ nodes, given }: Sequence): Names {
  const numbers = new Map<Id, number>()
  const same = new Map<Id, Set<number>>()
  const note = (id: Id, number: number): void => {
    const first = numbers.get(id)
    if (first === undefined) numbers.set(id, number)
    else if (first !== number || nodes[number]?.id === id) same.set(id, (same.get(id) ?? new Set([first])).add(number))
  }
  for (const [number, { id }] of nodes.entries()) note(id, number)
  for (const [number, { id, formerly = [] }] of nodes.entries())
    for (const former of formerly) if (former !== id) note(former, number)
  const problems = [...same].map(([id, places]): GraphProblem => {
    return { kind: 'duplicate-id', id, nodes: Array.from(places, (place) => given[place] ?? 0) }
  })
  return { numbers, problems }
}
