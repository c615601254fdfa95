import { type DecidedSquashes, decideSquashes } from './decide-squashes.ts'
import { type Links, linksBetween } from './links.ts'
import { type Id, type Manifest, type ManifestMigration, packageOf } from './manifest.ts'
import type { Squash } from './squash.ts'

/** What the logs say was applied. */
export interface AppliedSet {
  /** The recorded hash of `id` on the storage that migration `index` commits on; `undefined`: not applied there. */
  hashOf(index: number, id: Id): string | null | undefined
  /** Every applied id on any bound storage, those of other applications included. */
  readonly ids: Iterable<Id>
}

/**
 * One thing about a history.
 *
 * - `inconsistent` applied, but `pending`, which it declares a dependency on, is not
 * - `partly-squashed` `id` replaces migrations of which some are applied and some of the rest are `gone` from the code
 * - `changed` applied with another hash, which nobody accepted
 * - `accepted` applied with an earlier hash that the lock file accepts
 * - `unknown` applied, of a package of this manifest, and the manifest does not contain it
 * - `retired` the same, but the lock file holds that it was removed on purpose
 * - `late` pending, although an applied one of its package follows it by an implied edge
 */
export type HistoryFinding =
  | { readonly kind: 'inconsistent'; readonly id: Id; readonly pending: Id }
  | { readonly kind: 'partly-squashed'; readonly id: Id; readonly gone: readonly Id[] }
  | { readonly kind: 'changed' | 'accepted'; readonly id: Id; readonly applied: string | null; readonly now: string }
  | { readonly kind: 'unknown' | 'retired' | 'late'; readonly id: Id }

/** Positions are indexes into the manifest. */
export interface History extends DecidedSquashes {
  /** Edges between the migrations that take part. */
  readonly links: readonly Links[]
  /** In order: what `up` would run. */
  readonly pending: readonly number[]
  readonly findings: readonly HistoryFinding[]
}

/** Compares a manifest with what was applied. Applied is a set, never a high-water mark. */
export function examineHistory({ migrations, retired }: Manifest, applied: AppliedSet): History {
  const ids = new Set(applied.ids)
  const places = placesOf(migrations)
  const recorded = new Uint8Array(migrations.length)
  const findings: HistoryFinding[] = []
  for (const [index, { id, formerly, hash, accepted }] of migrations.entries()) {
    const found = [id, ...formerly].map((name) => applied.hashOf(index, name)).find((value) => value !== undefined)
    if (found === undefined) continue
    recorded[index] = 1
    if (found === hash) continue
    const isAccepted = found !== null && accepted.includes(found)
    findings.push({ kind: isAccepted ? 'accepted' : 'changed', id, applied: found, now: hash })
  }
  const squashes = squashesOf(migrations, places)
  const decided = decideSquashes(squashes, recorded, ids)
  const links = squashes.length === 0 ? migrations : linksBetween(migrations, decided)
  const pending = [...migrations.keys()].filter((index) => decided.active[index] && !decided.applied[index])
  const idOf = (index: number): Id => migrations[index]?.id ?? ''

  for (const [index, { parents }] of links.entries())
    for (const before of decided.applied[index] ? parents : [])
      if (!decided.applied[before]) findings.push({ kind: 'inconsistent', id: idOf(index), pending: idOf(before) })
  for (const { position, gone } of decided.partial) findings.push({ kind: 'partly-squashed', id: idOf(position), gone })
  const followed = followedByApplied(migrations, links, decided)
  for (const index of pending) if (followed[index]) findings.push({ kind: 'late', id: idOf(index) })

  const packages = new Set(migrations.map(({ id }) => packageOf(id)))
  const replaced = new Set(squashes.flatMap(({ missing }) => missing))
  for (const id of ids) {
    if (places.has(id) || !packages.has(packageOf(id))) continue
    if (retired.includes(id)) findings.push({ kind: 'retired', id })
    else if (!replaced.has(id)) findings.push({ kind: 'unknown', id })
  }
  return { ...decided, links, pending, findings }
}

/** Id or former id → index. An id wins over a former one. */
function placesOf(migrations: readonly ManifestMigration[]): ReadonlyMap<Id, number> {
  const places = new Map(migrations.flatMap(({ formerly }, index) => formerly.map((id) => [id, index])))
  for (const [index, { id }] of migrations.entries()) places.set(id, index)
  return places
}

function squashesOf(migrations: readonly ManifestMigration[], places: ReadonlyMap<Id, number>): readonly Squash[] {
  return [...migrations.entries()].flatMap(([node, { replaces }]) => {
    if (replaces.length === 0) return []
    const members = replaces.flatMap((id) => places.get(id) ?? [])
    return [{ node, members, missing: replaces.filter((id) => !places.has(id)) }]
  })
}

/** Whether an applied one of the same package follows by implied edges: one sweep from the end. */
function followedByApplied(
  migrations: readonly ManifestMigration[],
  links: readonly Links[],
  { applied }: DecidedSquashes,
): Uint8Array {
  const followed = new Uint8Array(applied.length)
  const packages = migrations.map(({ id }) => packageOf(id))
  for (let index = applied.length - 1; index >= 0; index--) {
    if (!applied[index] && !followed[index]) continue
    for (const before of links[index]?.after ?? []) if (packages[before] === packages[index]) followed[before] = 1
  }
  return followed
}
