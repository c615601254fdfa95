import type { Id } from '../../graph/manifest.ts'
import type { LockableMigration } from './changes.ts'
import type { LockFile, LockedLine } from './lock-file.ts'

/**
 * Whether a line of the lock file is committed, under its name or under the one that it had. A committed line leaves the
 * file by another name only. So what was named so before is that line, and so is what has its hash, where nothing is left
 * that could say its former name.
 *
 * @param committed `undefined`: every line counts as committed
 */
export function committedLines(
  lock: LockFile,
  committed: readonly LockFile[] | undefined,
  migrations: readonly LockableMigration[],
): (id: Id) => boolean {
  if (!committed) return () => true
  const held = new Map(committed.flatMap((one) => [...linesById(one)]))
  const now = linesById(lock)
  const earlier = new Map(migrations.map(({ id, formerly }) => [id, formerly]))
  const left = new Map([...held].filter(([id]) => !now.has(id)))
  const hashes = new Set([...left.values()].map(({ hash }) => hash))
  return (id) => {
    if (held.has(id) || earlier.get(id)?.some((former) => left.has(former))) return true
    const line = now.get(id)
    return line !== undefined && [line.hash, ...line.accepted].some((hash) => hashes.has(hash))
  }
}

function linesById({ packages }: LockFile): ReadonlyMap<Id, LockedLine> {
  return new Map(packages.flatMap(({ name, lines }) => lines.map((line) => [`${name}:${line.name}`, line] as const)))
}
