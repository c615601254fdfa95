import { type Id, type Manifest, packageOf } from './manifest.ts'
import type { Standing, StandingOf } from './standing.ts'

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
export interface History extends Standing {
  /** In order: what `up` would run. */
  readonly pending: readonly number[]
  readonly findings: readonly HistoryFinding[]
}

/**
 * Compares a manifest with what was applied. Applied is a set, never a high-water mark.
 *
 * @param standingOf must be `squashedStanding` where a migration replaces others
 */
export function compareHistory(
  { migrations, retired }: Pick<Manifest, 'migrations' | 'retired'>,
  { hashOf, ids: given }: AppliedSet,
  standingOf: StandingOf,
): History {
  const ids = new Set(given)
  const findings: HistoryFinding[] = []
  const recorded = new Uint8Array(migrations.length)
  for (const [index, { id, formerly, hash: now, accepted }] of migrations.entries()) {
    const applied = [id, ...formerly].map((name) => hashOf(index, name)).find((hash) => hash !== undefined)
    if (applied === undefined) continue
    recorded[index] = 1
    const kind = applied !== null && accepted.includes(applied) ? 'accepted' : 'changed'
    if (applied !== now) findings.push({ kind, id, applied, now })
  }
  const standing = standingOf(migrations, recorded, ids)
  const { links, active, applied, partial, replaced } = standing
  const idOf = (index: number): Id => migrations[index]?.id ?? ''
  for (const [index, { parents }] of links.entries())
    for (const before of applied[index] ? parents : [])
      if (!applied[before]) findings.push({ kind: 'inconsistent', id: idOf(index), pending: idOf(before) })
  for (const { position, gone } of partial) findings.push({ kind: 'partly-squashed', id: idOf(position), gone })

  const pending = [...migrations.keys()].filter((index) => active[index] && !applied[index])
  // An applied one of the same package follows by implied edges: one sweep from the end.
  const owners = migrations.map(({ id }) => packageOf(id))
  const followed = applied.slice()
  for (const index of [...owners.keys()].toReversed())
    for (const before of followed[index] ? (links[index]?.after ?? []) : [])
      if (owners[before] === owners[index]) followed[before] = 1
  for (const index of pending) if (followed[index]) findings.push({ kind: 'late', id: idOf(index) })

  const known = new Set(migrations.flatMap(({ id, formerly }) => [id, ...formerly]))
  for (const id of ids) {
    if (known.has(id) || !owners.includes(packageOf(id))) continue
    if (retired.includes(id)) findings.push({ kind: 'retired', id })
    else if (!replaced.has(id)) findings.push({ kind: 'unknown', id })
  }
  return { ...standing, pending, findings }
}
