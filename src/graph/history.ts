import { type Id, type Manifest, packageOf } from './manifest.ts'

/** What the logs say was applied. */
export interface AppliedSet {
  /** The recorded hash of `id` on the storage that migration `index` commits on; `undefined`: not applied there. */
  hashOf(index: number, id: Id): string | null | undefined
  /** Every applied id on any bound storage, those of other applications included. */
  readonly ids: Iterable<Id>
}

/** One thing about a history that a policy decides on; `inconsistent` always stops. */
export type HistoryFinding =
  | { readonly kind: 'changed'; readonly id: Id; readonly applied: string | null; readonly now: string }
  | { readonly kind: 'unknown'; readonly id: Id }
  | { readonly kind: 'late'; readonly id: Id }
  | { readonly kind: 'inconsistent'; readonly id: Id; readonly pending: Id }

export interface History {
  /** Indexes into the manifest, in order. */
  readonly pending: readonly number[]
  readonly findings: readonly HistoryFinding[]
}

/** Compares a manifest with what was applied. Applied is a set, never a high-water mark. */
export function examineHistory(manifest: Manifest, applied: AppliedSet): History {
  const findings: HistoryFinding[] = []
  const isApplied = manifest.migrations.map((migration, index) => {
    const names = [migration.id, ...migration.formerly]
    const hash = names.map((id) => applied.hashOf(index, id)).find((found) => found !== undefined)
    if (hash === undefined) return false
    if (hash !== migration.hash && (hash === null || !migration.accepted.includes(hash)))
      findings.push({ kind: 'changed', id: migration.id, applied: hash, now: migration.hash })
    return true
  })
  const followed = followedByApplied(manifest, isApplied)
  const pending: number[] = []
  for (const [index, migration] of manifest.migrations.entries()) {
    if (!isApplied[index]) {
      pending.push(index)
      if (followed[index]) findings.push({ kind: 'late', id: migration.id })
      continue
    }
    for (const parent of migration.parents) {
      const id = manifest.migrations[parent]?.id
      if (id !== undefined && !isApplied[parent]) findings.push({ kind: 'inconsistent', id: migration.id, pending: id })
    }
  }
  return { pending, findings: [...findings, ...unknownIds(manifest, applied)] }
}

/** Per migration: whether an applied one of its package follows it by implied edges. One sweep from the end. */
function followedByApplied(manifest: Manifest, isApplied: readonly boolean[]): readonly boolean[] {
  const followed = Array.from(isApplied, () => false)
  for (let index = followed.length - 1; index >= 0; index--) {
    const migration = manifest.migrations[index]
    if (!migration || !(isApplied[index] || followed[index])) continue
    for (const before of migration.after) {
      const earlier = manifest.migrations[before]
      if (earlier && packageOf(earlier.id) === packageOf(migration.id)) followed[before] = true
    }
  }
  return followed
}

function unknownIds(manifest: Manifest, applied: AppliedSet): readonly HistoryFinding[] {
  const known = new Set([...manifest.retired, ...manifest.migrations.flatMap(({ id, formerly }) => [id, ...formerly])])
  const packages = new Set(manifest.migrations.map(({ id }) => packageOf(id)))
  return [...new Set(applied.ids)]
    .filter((id) => !known.has(id) && packages.has(packageOf(id)))
    .map((id) => ({ kind: 'unknown', id }))
}
