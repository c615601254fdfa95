import { type Id, type Manifest, packageOf } from './manifest.ts'
import type { Recorded, Standing, StandingOf } from './standing.ts'

/** What the logs say was applied. */
export interface AppliedSet extends Recorded {
  /** The recorded hash of `id` on the storage that migration `index` commits on; `undefined`: not applied there. */
  hashOf(index: number, id: Id): string | null | undefined
}

/**
 * One thing about a history.
 *
 * - `inconsistent` applied, but `pending`, which it declares a dependency on, is not
 * - `partly-squashed` `id` replaces migrations of which some are applied and some of the rest are `gone` from the code
 * - `unbound` applied on `storage`, which is bound no more; a squash replaces it, and would run as on a fresh storage
 * - `changed` applied with another hash, which nobody accepted
 * - `accepted` applied with an earlier hash that the lock file accepts
 * - `unknown` applied, of a package of this manifest, and the manifest does not contain it
 * - `retired` the same, but the lock file holds that it was removed on purpose
 * - `late` pending, although an applied one of its package follows it by an implied edge
 */
export type HistoryFinding =
  | { readonly kind: 'inconsistent'; readonly id: Id; readonly pending: Id }
  | { readonly kind: 'partly-squashed'; readonly id: Id; readonly gone: readonly Id[] }
  | { readonly kind: 'unbound'; readonly id: Id; readonly storage: string }
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
  logs: AppliedSet,
  standingOf: StandingOf,
): History {
  const hashes = migrations.map(({ id, formerly }, index) =>
    [id, ...formerly].map((name) => logs.hashOf(index, name)).find((hash) => hash !== undefined),
  )
  const recorded = Uint8Array.from(hashes, (hash) => Number(hash !== undefined))
  const standing = standingOf(migrations, recorded, logs)
  const { links, active, applied, replaced } = standing
  const owners = migrations.map(({ id }) => packageOf(id))
  const findings: HistoryFinding[] = []
  const pending: number[] = []
  // Whether an applied one of the same package follows by implied edges: known at once in a sweep from the end.
  const followed = applied.slice()
  for (const [index, { id, hash: now, accepted }] of [...migrations.entries()].toReversed()) {
    const hash = hashes[index]
    const { parents = [], after = [] } = links[index] ?? {}
    if (followed[index]) for (const before of after) if (owners[before] === owners[index]) followed[before] = 1
    if (hash !== undefined && hash !== now)
      findings.unshift({ kind: accepted.includes(hash ?? '') ? 'accepted' : 'changed', id, applied: hash, now })
    if (applied[index]) {
      for (const before of parents)
        if (!applied[before]) findings.unshift({ kind: 'inconsistent', id, pending: migrations[before]?.id ?? '' })
    } else if (active[index]) {
      pending.push(index)
      if (followed[index]) findings.unshift({ kind: 'late', id })
    }
  }
  findings.push(...standing.findings)
  const present = new Set(owners)
  const known = new Set([...migrations.flatMap(({ id, formerly }) => [id, ...formerly]), ...replaced])
  for (const id of logs.ids)
    if (!known.has(id) && present.has(packageOf(id)))
      findings.push({ kind: retired.includes(id) ? 'retired' : 'unknown', id })
  return { ...standing, pending: pending.toReversed(), findings }
}
