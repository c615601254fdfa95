import { type Graph, positionOf } from './graph.ts'
import type { Id } from './manifest.ts'
import { type Marks, marksOf } from './marks.ts'
import { withoutSquashes } from './situation-edges.ts'
import type { Squash } from './squash.ts'

/** A squash that can neither count as applied nor run: some of what it replaces is applied, and some of the rest is gone. */
export interface PartialSquash {
  readonly position: number
  /** Not applied, and not here to be applied. */
  readonly gone: readonly Id[]
}

/**
 * A graph as one set of applied migrations sees it: every squash is decided, so that plans and questions know no
 * squashes. Positions are those of the graph.
 *
 * - a squash that was applied itself, or of which nothing is applied, is active, and what it replaces is not
 * - where all that it replaces is applied, it counts as applied; what it replaces is active as long as all of it is here
 * - where a part of it is applied, what it replaces is active, and the squash is not
 */
export interface Situation {
  /** Its edges lead between active migrations only. */
  readonly graph: Graph
  /** What takes part: all but squashes that are not used, and what is replaced by one that is. */
  readonly active: Marks
  /** Active and applied. */
  readonly applied: Marks
  /** Per position that is not active: what takes its place. */
  readonly instead: ReadonlyMap<number, readonly number[]>
  readonly partial: readonly PartialSquash[]
}

/** @param ids Ids that are recorded as applied, former ones and those of other packages included. */
export function situationOf(graph: Graph, ids: Iterable<Id>): Situation {
  const recorded = marksOf(graph)
  const known = new Set(ids)
  for (const id of known) {
    const position = positionOf(graph, id)
    if (position !== undefined) recorded[position] = 1
  }
  return situationOfMarks(graph, recorded, known)
}

/** @param recorded By position. `ids` tells of what is gone from the code. */
export function situationOfMarks(graph: Graph, recorded: Marks, ids: ReadonlySet<Id>): Situation {
  const { squashes } = graph.squashes
  const active = new Uint8Array(recorded.length).fill(1)
  if (squashes.length === 0) return { graph, active, applied: recorded, instead: new Map(), partial: [] }
  const counts = recorded.slice()
  const touched = recorded.slice()
  for (const { node, members, missing } of squashes) {
    const all = members.every((member) => counts[member] === 1) && missing.every((id) => ids.has(id))
    const any = members.some((member) => touched[member] === 1) || missing.some((id) => ids.has(id))
    if (all && members.length + missing.length > 0) counts[node] = 1
    if (any) touched[node] = 1
  }
  const byNode = new Map(squashes.map((squash) => [squash.node, squash]))
  const instead = new Map<number, readonly number[]>()
  const partial: PartialSquash[] = []
  // Outer squashes decide over inner ones.
  for (const squash of squashes.toReversed()) {
    const { node, members, missing } = squash
    if (active[node] === 0) continue
    const isUsed = recorded[node] === 1 || touched[node] === 0 || (counts[node] === 1 && missing.length > 0)
    if (isUsed) {
      for (const member of allMembers(squash, byNode)) {
        active[member] = 0
        instead.set(member, [node])
      }
      continue
    }
    active[node] = 0
    instead.set(node, members)
    const gone = missing.filter((id) => !ids.has(id))
    if (gone.length > 0) partial.push({ position: node, gone })
  }
  const applied = counts.map((count, position) => (count === 1 && active[position] === 1 ? 1 : 0))
  return { graph: withoutSquashes(graph, active, instead), active, applied, instead, partial: partial.toReversed() }
}

/** All that a squash replaces, directly and through others. */
function allMembers({ members }: Squash, byNode: ReadonlyMap<number, Squash>): readonly number[] {
  const all: number[] = []
  const open = [...members]
  for (let member = open.pop(); member !== undefined; member = open.pop()) {
    all.push(member)
    for (const inner of byNode.get(member)?.members ?? []) open.push(inner)
  }
  return all
}
