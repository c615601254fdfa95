import type { Id } from './manifest.ts'
import { type Marks, either } from './marks.ts'
import type { Squash } from './squash.ts'

/** A squash that can neither count as applied nor run: some of what it replaces is applied, and some of the rest is gone. */
export interface PartialSquash {
  readonly position: number
  /** Not applied, and not here to be applied. */
  readonly gone: readonly Id[]
}

/** What is not applied, and of which a part is there. */
export interface BegunMigrations {
  /** By position. */
  readonly marks: Marks
  /** What is gone from the code, too. */
  readonly ids: ReadonlySet<Id>
}

/**
 * Every squash decided, for one set of applied migrations.
 *
 * - a squash that was applied itself, or of which nothing is applied or has begun, is active, and what it replaces is not
 * - where all that it replaces is applied, it counts as applied; what it replaces is active as long as all of it is here
 * - where a part of it is applied or has begun, what it replaces is active, and the squash is not
 */
export interface DecidedSquashes {
  /** What takes part: all but squashes that are not used, and what is replaced by one that is. */
  readonly active: Marks
  /** Active and applied. */
  readonly applied: Marks
  /** Per position that is not active: what takes its place. */
  readonly instead: ReadonlyMap<number, readonly number[]>
  readonly partial: readonly PartialSquash[]
}

/**
 * @param squashes Ascending by node, so that inner ones come before outer ones.
 * @param recorded By position.
 * @param ids All that is recorded: they tell of what is gone from the code.
 */
export function decideSquashes(
  squashes: readonly Squash[],
  recorded: Marks,
  ids: ReadonlySet<Id>,
  begun: BegunMigrations = { marks: recorded, ids },
): DecidedSquashes {
  const active = new Uint8Array(recorded.length).fill(1)
  const counts = recorded.slice()
  const touched = either(recorded, begun.marks)
  const isPart = new Set<number>()
  const has = (id: Id): boolean => ids.has(id)
  for (const { node, members, missing } of squashes) {
    const all = members.every((member) => counts[member]) && missing.every(has)
    if (all && members.length + missing.length > 0) counts[node] = 1
    if (!members.some((member) => touched[member]) && !missing.some((id) => has(id) || begun.ids.has(id))) continue
    isPart.add(node)
    touched[node] = 1
  }
  const membersOf = new Map(squashes.map(({ node, members }) => [node, members]))
  const instead = new Map<number, readonly number[]>()
  const partial: PartialSquash[] = []
  // Outer squashes decide over inner ones.
  for (const { node, members, missing } of squashes.toReversed()) {
    if (!active[node]) continue
    if (recorded[node] || !isPart.has(node) || (counts[node] && missing.length > 0)) {
      const open = [...members]
      for (let member = open.pop(); member !== undefined; member = open.pop()) {
        active[member] = 0
        instead.set(member, [node])
        open.push(...(membersOf.get(member) ?? []))
      }
      continue
    }
    active[node] = 0
    instead.set(node, members)
    const gone = missing.filter((id) => !has(id))
    if (gone.length > 0) partial.push({ position: node, gone })
  }
  const applied = counts.map((count, position) => count & (active[position] ?? 0))
  return { active, applied, instead, partial: partial.toReversed() }
}
