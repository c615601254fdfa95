import type { Graph } from './graph.ts'
import type { Marks } from './marks.ts'
import { at } from './order/adjacency.ts'

/** Which edges a question follows: all, or only those between migrations of one package. */
export type Reach = 'everywhere' | 'inside packages'

/** `marks` and all that must come before them. One sweep from the end: O(V + E). */
export function withAncestors({ edges, owners }: Graph, marks: Marks, reach: Reach = 'everywhere'): Marks {
  const { offsets, before } = edges
  const closed = marks.slice()
  for (let position = closed.length - 1; position >= 0; position--) {
    if (closed[position] === 0) continue
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const other = at(before, slot)
      if (reach === 'everywhere' || at(owners, other) === at(owners, position)) closed[other] = 1
    }
  }
  return closed
}

/** `marks` and all that comes after them. One sweep from the begin: O(V + E). */
export function withDescendants({ edges, owners }: Graph, marks: Marks, reach: Reach = 'everywhere'): Marks {
  const { offsets, before } = edges
  const closed = marks.slice()
  for (let position = 0; position < closed.length; position++)
    for (let slot = at(offsets, position); closed[position] === 0 && slot < at(offsets, position + 1); slot++) {
      const other = at(before, slot)
      const isFollowed = reach === 'everywhere' || at(owners, other) === at(owners, position)
      if (isFollowed && closed[other] === 1) closed[position] = 1
    }
  return closed
}

/** Those of `marks` that no other of them comes after, whatever lies between. */
export function headsAmong({ edges, owners }: Graph, marks: Marks, reach: Reach = 'everywhere'): Marks {
  const { offsets, before } = edges
  const followed = new Uint8Array(marks.length)
  for (let position = marks.length - 1; position >= 0; position--) {
    if (marks[position] === 0 && followed[position] === 0) continue
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const other = at(before, slot)
      if (reach === 'everywhere' || at(owners, other) === at(owners, position)) followed[other] = 1
    }
  }
  return marks.map((mark, position) => (mark === 1 && followed[position] === 0 ? 1 : 0))
}

/** Those of `marks` that come after no other of them, whatever lies between. */
export function basesAmong(graph: Graph, marks: Marks, reach: Reach = 'everywhere'): Marks {
  const { offsets, before } = graph.edges
  const follows = new Uint8Array(marks.length)
  for (let position = 0; position < marks.length; position++)
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const other = at(before, slot)
      const isFollowed = reach === 'everywhere' || at(graph.owners, other) === at(graph.owners, position)
      if (isFollowed && (marks[other] === 1 || follows[other] === 1)) follows[position] = 1
    }
  return marks.map((mark, position) => (mark === 1 && follows[position] === 0 ? 1 : 0))
}
