import type { Id } from '../manifest.ts'
import { at } from '../order/adjacency.ts'
import { type SquashTable, squashTable } from '../squash.ts'
import { replacing } from './ordered-graph.ts'
import type { GraphProblem } from './problem.ts'
import { parseReference } from './reference.ts'
import type { Sequence } from './sequence.ts'

/** Reads what replaces what. What a squash replaces may be gone from the code, so a name that is not here is no mistake. */
export function checkReplaces(
  { nodes, given }: Sequence,
  numbers: ReadonlyMap<Id, number>,
): { readonly table: SquashTable; readonly problems: readonly GraphProblem[] } {
  const problems: GraphProblem[] = []
  const squashes = replacing(nodes)
  for (const [number, replaces] of squashes)
    for (const reference of replaces) {
      const written = { node: at(given, number), field: 'replaces', reference } as const
      const parsed = parseReference(reference)
      const proposal = `${nodes[number]?.package ?? ''}:${reference}`
      if (parsed.kind === 'plain') problems.push({ kind: 'bare-reference', ...written, proposal })
      else if (parsed.kind !== 'migration') problems.push({ kind: 'malformed-reference', ...written })
      else if (numbers.get(reference) === number) problems.push({ kind: 'self-dependency', ...written })
    }
  const { table, conflicts } = squashTable(squashes, (id) => numbers.get(id))
  for (const { id, squash, other } of conflicts)
    problems.push({
      kind: 'replace-conflict',
      node: at(given, squash),
      field: 'replaces',
      reference: id,
      other: at(given, other),
    })
  return { table, problems }
}
