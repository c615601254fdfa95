import type { Id } from '../../graph/manifest.ts'
import type { LockableMigration } from './changes.ts'
import type { LockFile, LockedLine } from './lock-file.ts'

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
  return lines.map((one) => {
    const former = byFormer.get(one.id)
    const migration = byId.get(one.id) ?? (former && !locked.has(former.id) ? former : undefined)
    if (migration) locked.add(migration.id)
    const owner = migration?.package ?? one.package
    return { ...one, package: owner, migration, isMoved: owner !== one.package }
  })
}
