import type { Graph } from './graph.ts'
import { at } from './order/adjacency.ts'

/** A set of positions: 1 where it holds one. */
export type Marks = Uint8Array

export function marksOf({ members }: Graph, positions: Iterable<number> = []): Marks {
  const marks = new Uint8Array(members.length)
  for (const position of positions) marks[position] = 1
  return marks
}

/** Ascending. */
export function positionsIn(marks: Marks): readonly number[] {
  const positions: number[] = []
  for (let position = 0; position < marks.length; position++) if (marks[position] === 1) positions.push(position)
  return positions
}

export function isEmpty(marks: Marks): boolean {
  return !marks.includes(1)
}

/** Positions in `marks` that are not in `others`. */
export function without(marks: Marks, others: Marks): Marks {
  return marks.map((mark, position) => (mark === 1 && others[position] === 0 ? 1 : 0))
}

export function both(marks: Marks, others: Marks): Marks {
  return marks.map((mark, position) => (mark === 1 && others[position] === 1 ? 1 : 0))
}

export function either(marks: Marks, others: Marks): Marks {
  return marks.map((mark, position) => (mark === 1 || others[position] === 1 ? 1 : 0))
}

/** All positions of a package; none where it has no migration. */
export function marksOfPackage({ packages, owners }: Graph, name: string): Marks {
  const owner = packages.indexOf(name)
  const marks = new Uint8Array(owners.length)
  for (let position = 0; position < owners.length; position++) if (at(owners, position) === owner) marks[position] = 1
  return marks
}
