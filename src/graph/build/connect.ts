import { ABOVE, DEPENDS_ON, EdgeList, PARENTS, REPLACES, RUN_BEFORE } from '../edges.ts'
import type { Id } from '../manifest.ts'
import type { GraphPackage } from '../node.ts'
import { at } from '../order/adjacency.ts'
import { isRepeatable } from '../repeatables.ts'
import { type SquashTable, standsFor, standsForMissing } from '../squash.ts'
import type { GraphProblem, ReferenceField } from './problem.ts'
import { References, type WaitingReference } from './references.ts'
import type { Sequence } from './sequence.ts'

export interface Connections {
  /** Between places in the sequence. */
  readonly edges: EdgeList
  /** Above a migration whose named parents are all wrong: what it may have meant, so that it does not look like a head. */
  readonly excused: readonly number[]
  readonly waiting: readonly WaitingReference[]
  readonly problems: readonly GraphProblem[]
}

/**
 * Turns what nodes say about each other into edges. Goes through all of it: what is wrong is collected, and the rest
 * still makes edges.
 */
export function connect(
  packages: readonly GraphPackage[],
  sequence: Sequence,
  numbers: ReadonlyMap<Id, number>,
  squashes: SquashTable,
): Connections {
  const { nodes, owners, given } = sequence
  const edges = new EdgeList(nodes.length * 3)
  const references = new References(packages, sequence, numbers, squashes)
  const problems: GraphProblem[] = []
  const excused: number[] = []
  // With a parent that is gone from the code: not the first of their package, although no edge there says so.
  const orphans = new Set<number>()
  const toBases: { readonly number: number; readonly field: 'dependsOn' | 'runBefore'; readonly reference: string }[] =
    []

  const follow = (number: number, field: 'dependsOn' | 'runBefore', reference: string): void => {
    // Nearly all: an id that is there. Only the rest is worth a closer look.
    const found = numbers.get(reference)
    const other = found === undefined || found === number ? references.resolve(number, field, reference) : found
    if (other === 'base') toBases.push({ number, field, reference })
    else if (other === 'nobody') return
    else if (field === 'dependsOn') edges.push(other, number, DEPENDS_ON)
    else edges.push(number, other, RUN_BEFORE)
  }

  const beside = squashesBeside(squashes, owners)
  let above = -1
  for (const [number, node] of nodes.entries()) {
    if (above >= 0 && at(owners, above) !== at(owners, number)) above = -1
    const start = edges.size
    for (const reference of node.parents ?? []) {
      const known = numbers.get(reference)
      const found = known ?? standsForMissing(squashes, reference, number)
      const field: ReferenceField = 'parents'
      const written = { node: at(given, number), field, reference }
      if (found === number) problems.push({ kind: 'self-parent', ...written })
      else if (found === undefined || (known !== undefined && at(owners, known) !== at(owners, number)))
        problems.push({ kind: 'missing-parent', ...written })
      else if (found !== 'nobody') edges.push(found, number, PARENTS)
      if (known === undefined && found !== undefined) orphans.add(number)
    }
    const takesPlace = !beside.has(number) && !isRepeatable(node)
    if (takesPlace && above >= 0) {
      if (node.parents === undefined) edges.push(above, number, ABOVE)
      else if (node.parents.length > 0 && edges.size === start && !orphans.has(number)) excused.push(above)
    }
    for (const reference of node.dependsOn ?? []) follow(number, 'dependsOn', reference)
    for (const reference of node.runBefore ?? []) follow(number, 'runBefore', reference)
    if (takesPlace) above = number
  }

  const isFirst = (number: number): boolean =>
    !beside.has(number) && !orphans.has(number) && !isRepeatable(nodes[number])
  const bases = toBases.length > 0 ? basesOf(sequence, edges).filter(isFirst) : []
  for (const { number, field, reference } of toBases)
    for (const base of bases) {
      if (sequence.packages[at(owners, base)] !== reference.slice(0, reference.lastIndexOf('@'))) continue
      if (base === number) problems.push({ kind: 'self-dependency', node: at(given, number), field, reference })
      else if (field === 'dependsOn') edges.push(base, number, DEPENDS_ON)
      else edges.push(number, base, RUN_BEFORE)
    }
  connectSquashes(edges, squashes)
  return { edges, excused, waiting: references.waiting, problems: [...references.problems, ...problems] }
}

/** A squash of migrations of its own package that are still here stands beside them, not among them, whatever its name. */
function squashesBeside({ squashes }: SquashTable, owners: Int32Array): ReadonlySet<number> {
  const beside = squashes.filter(({ node, members }) =>
    members.some((member) => at(owners, member) === at(owners, node)),
  )
  return new Set(beside.map(({ node }) => node))
}

/**
 * A squash comes after all that it replaces, and before all that follows any of these. So one order serves every
 * storage: those that ran the originals, those that run the squash, and those in between.
 */
export function connectSquashes(edges: EdgeList, table: SquashTable): void {
  if (table.squashes.length === 0) return
  for (let edge = 0, { size } = edges; edge < size; edge++) {
    const after = at(edges.to, edge)
    const stands = standsFor(table, at(edges.from, edge), after)
    if (stands !== at(edges.from, edge) && stands !== after) edges.push(stands, after, REPLACES)
  }
  for (const { node, members } of table.squashes) for (const member of members) edges.push(member, node, REPLACES)
}

/** Nodes that no other node of their package comes before. */
function basesOf({ nodes, owners }: Sequence, edges: EdgeList): readonly number[] {
  const follows = new Uint8Array(nodes.length)
  for (let edge = 0; edge < edges.size; edge++) {
    const after = at(edges.to, edge)
    if (at(owners, at(edges.from, edge)) === at(owners, after)) follows[after] = 1
  }
  return [...nodes.keys()].filter((number) => follows[number] === 0)
}
