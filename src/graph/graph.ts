import type { Edges } from './edges.ts'
import type { Id, Traits } from './manifest.ts'
import { at } from './order/adjacency.ts'
import type { SquashTable } from './squash.ts'

/** What a graph knows of a migration beside its edges. */
export interface GraphMember {
  readonly id: Id
  readonly replaces?: readonly Id[]
  readonly labels?: readonly string[]
  readonly formerly?: readonly Id[]
  readonly traits?: Traits
}

/**
 * Migrations in the order of work. A migration's number is its position in that order, so every edge leads from a lower
 * position to a higher one, and one sweep over the positions answers most questions.
 */
export interface Graph {
  readonly members: readonly GraphMember[]
  readonly edges: Edges
  /** Names of the packages, in the order of their ranks. */
  readonly packages: readonly string[]
  /** Position → index in `packages`. */
  readonly owners: Int32Array
  /** Id or former id → a number that `places` turns into a position. */
  readonly numbers: ReadonlyMap<Id, number>
  readonly places: Int32Array
  /** Numbers in it are positions. */
  readonly squashes: SquashTable
}

/** The position of the migration that has this id, or had it formerly. */
export function positionOf({ numbers, places }: Graph, id: Id): number | undefined {
  const number = numbers.get(id)
  const position = number === undefined ? -1 : at(places, number)
  return position < 0 ? undefined : position
}

export function idAt({ members }: Graph, position: number): Id {
  return members[position]?.id ?? ''
}

export function packageAt({ packages, owners }: Graph, position: number): string {
  return packages[at(owners, position)] ?? ''
}
