import type { Id } from './manifest.ts'

/** A migration that stands for others. */
export interface Squash {
  readonly node: number
  /** What it replaces directly and is here, ascending: what another squash among them replaces is that one's. */
  readonly members: readonly number[]
  /** What it replaces directly and is gone from the code. */
  readonly missing: readonly Id[]
}

/** Who replaces whom, as a forest: inner squashes inside outer ones. */
export interface SquashTable {
  /** Ascending by node. */
  readonly squashes: readonly Squash[]
  /** Node → the innermost squash that replaces it. */
  readonly replacerOf: ReadonlyMap<number, number>
  /** The same for what is gone from the code. */
  readonly replacerOfMissing: ReadonlyMap<Id, number>
}

/** Two squashes replace `id`, and neither of them replaces the other. */
export interface ReplaceConflict {
  readonly id: Id
  readonly squash: number
  readonly other: number
}

/** @param given Node and `replaces` of every squash. */
export function squashTable(
  given: readonly (readonly [number, readonly Id[]])[],
  find: (id: Id) => number | undefined,
): { readonly table: SquashTable; readonly conflicts: readonly ReplaceConflict[] } {
  const claims = new Map<number | Id, { readonly id: Id; readonly squashes: number[] }>()
  for (const [squash, replaces] of given)
    for (const id of new Set(replaces)) {
      const key = find(id) ?? id
      if (key === squash) continue
      const claim = claims.get(key)
      if (claim) claim.squashes.push(squash)
      else claims.set(key, { id, squashes: [squash] })
    }
  const conflicts: ReplaceConflict[] = []
  const replacerOf = new Map<number, number>()
  const replacerOfMissing = new Map<Id, number>()
  for (const [key, { id, squashes }] of claims) {
    const [first = 0, second] = squashes
    const inner = second === undefined ? first : innermost(squashes, claims)
    if (inner === undefined && second !== undefined) conflicts.push({ id, squash: second, other: first })
    if (typeof key === 'number') replacerOf.set(key, inner ?? first)
    else replacerOfMissing.set(key, inner ?? first)
  }
  const members = new Map<number, number[]>(given.map(([node]) => [node, []]))
  const missing = new Map<number, Id[]>(given.map(([node]) => [node, []]))
  for (const [member, squash] of replacerOf) members.get(squash)?.push(member)
  for (const [id, squash] of replacerOfMissing) missing.get(squash)?.push(id)
  const squashes = [...members]
    .map(([node, own]): Squash => ({ node, members: own.toSorted((a, b) => a - b), missing: missing.get(node) ?? [] }))
    .toSorted((a, b) => a.node - b.node)
  return { table: { squashes, replacerOf: withoutRings(replacerOf), replacerOfMissing }, conflicts }
}

type Claims = ReadonlyMap<number | Id, { readonly squashes: readonly number[] }>

/** The one that all the others replace, directly or through others. */
function innermost(squashes: readonly number[], claims: Claims): number | undefined {
  return squashes.find((one) => {
    const above = new Set<number>()
    const open = [one]
    for (let node = open.pop(); node !== undefined; node = open.pop())
      for (const squash of claims.get(node)?.squashes ?? [])
        if (!above.has(squash)) {
          above.add(squash)
          open.push(squash)
        }
    return squashes.every((other) => other === one || above.has(other))
  })
}

/** Squashes that replace each other are found as a cycle of the graph; climbing from one to the next must end before. */
function withoutRings(replacerOf: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  const result = new Map(replacerOf)
  const climbed = new Map<number, number>()
  for (const start of replacerOf.keys())
    for (let node: number | undefined = start; node !== undefined && climbed.get(node) === undefined;) {
      climbed.set(node, start)
      const above: number | undefined = result.get(node)
      if (above !== undefined && climbed.get(above) === start) result.delete(node)
      node = result.get(node)
    }
  return result
}

/**
 * Who stands for an id that is gone from the code, as seen from `node`: the squash that replaces it, or nobody at all
 * where that squash replaces `node` too, so that both are inside of it. `undefined`: no squash replaces it.
 */
export function standsForMissing(table: SquashTable, id: Id, node: number): number | 'nobody' | undefined {
  const squash = table.replacerOfMissing.get(id)
  if (squash === undefined) return undefined
  for (let outer = table.replacerOf.get(node); outer !== undefined; outer = table.replacerOf.get(outer))
    if (outer === squash) return 'nobody'
  return squash
}

/**
 * Who stands for `node` as seen from `other`: the outermost squash that replaces it and neither is nor replaces `other`;
 * `node` itself where there is none.
 */
export function standsFor({ replacerOf }: SquashTable, node: number, other: number): number {
  if (!replacerOf.has(node)) return node
  const inside = new Set<number>()
  for (let squash: number | undefined = other; squash !== undefined; squash = replacerOf.get(squash)) inside.add(squash)
  let outermost = node
  for (let squash = replacerOf.get(node); squash !== undefined && !inside.has(squash); squash = replacerOf.get(squash))
    outermost = squash
  return outermost
}
