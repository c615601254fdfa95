import type { Id } from '../../graph/manifest.ts'
import type { LockableMigration } from './changes.ts'
import type { LockFile, LockedLine } from './lock-file.ts'
import { mergeLine } from './merge.ts'

/** A line where it stands now, and the migration that it is of. */
export interface Placed {
  readonly package: string
  readonly line: LockedLine
  readonly migration: LockableMigration | undefined
  /** As the lock file has it. */
  readonly id: Id
  /** Whether the lock file has it in the block of another package. */
  readonly isMoved: boolean
}

/** Each line with its migration, which may have another name now, and be another package's. */
export function placeLines(lock: LockFile, migrations: readonly LockableMigration[]): readonly Placed[] {
  const byId = new Map(migrations.map((migration) => [migration.id, migration]))
  const byFormer = new Map(migrations.flatMap((migration) => migration.formerly.map((id) => [id, migration] as const)))
  const lines = lock.packages.flatMap(({ name, lines: all }) =>
    all.map((line) => ({ package: name, line, id: `${name}:${line.name}` })),
  )
  const locked = new Set(lines.map(({ id }) => id))
  const placed = lines.map((one): Placed => {
    const former = byFormer.get(one.id)
    const migration = byId.get(one.id) ?? (former && !locked.has(former.id) ? former : undefined)
    if (migration) locked.add(migration.id)
    const owner = migration?.package ?? one.package
    return { ...one, package: owner, migration, isMoved: owner !== one.package }
  })
  return joinRenamed(placed, byFormer)
}

/**
 * Where one branch renamed a migration and another did not, their merge has a line of each. Those that share a hash are
 * one: the first of them, as far as they stand in one package. Without that the former name would be one that is gone.
 */
function joinRenamed(placed: readonly Placed[], byFormer: ReadonlyMap<Id, LockableMigration>): readonly Placed[] {
  const own = new Map(placed.map((one, place) => [one.migration?.id, { one, place }]))
  const instead = new Map<Placed, Placed | undefined>()
  for (const [place, former] of placed.entries()) {
    const now = former.migration || former.line.retired ? undefined : own.get(byFormer.get(former.id)?.id)
    if (!now?.one.migration || instead.has(now.one) || !sharesHash(now.one.line, former.line)) continue
    const line = { ...mergeLine(former.line, now.one.line), name: former.line.name }
    const isFirst = place < now.place && former.package === now.one.package
    const joined = { ...now.one, line, id: former.id }
    instead.set(now.one, isFirst ? undefined : joined)
    instead.set(former, isFirst ? joined : undefined)
  }
  return instead.size === 0 ? placed : placed.flatMap((one) => (instead.has(one) ? (instead.get(one) ?? []) : one))
}

function sharesHash(one: LockedLine, other: LockedLine): boolean {
  const hashes = new Set([one.hash, ...one.accepted])
  return [other.hash, ...other.accepted].some((hash) => hashes.has(hash))
}
