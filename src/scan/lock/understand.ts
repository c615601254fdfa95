import { mergeLocks, sidesOf } from './merge.ts'
import type { LockFile } from './lock-file.ts'
import { type LockProblem, type ParsedLock, parseLock } from './parse.ts'

/** What there is to go by in a lock file's text. */
export interface Understood {
  /** Absent where the text may mean more than could be read. */
  readonly lock?: LockFile
  readonly problems: readonly LockProblem[]
  readonly at: ParsedLock['at']
}

/**
 * Reads a lock file. As the command `lock`, it also goes by one whose digests are not those of its lines, and brings both
 * sides of a merge together: whatever somebody has to decide comes out of the comparison.
 */
export function understand(text: string, isRepairing: boolean): Understood {
  const { lock, problems, at } = parseLock(text)
  if (problems.every(isRepairable)) return { lock, problems: isRepairing ? [] : problems, at }
  const conflicts = problems.filter(({ kind }) => kind === 'conflict')
  if (conflicts.length === 0) return { problems, at }
  const merged = isRepairing ? mergedSides(text) : undefined
  return merged ? { lock: merged, problems: [], at: new Map() } : { problems: conflicts, at }
}

function mergedSides(text: string): LockFile | undefined {
  const sides = sidesOf(text)
  if (!sides) return undefined
  const [ours, theirs] = [parseLock(sides.ours), parseLock(sides.theirs)]
  const isReadable = [...ours.problems, ...theirs.problems].every(isRepairable)
  return isReadable ? mergeLocks(ours.lock, theirs.lock) : undefined
}

/** A merge without markers may leave the header of one side above the lines of both. */
function isRepairable({ kind }: LockProblem): boolean {
  return kind === 'digest'
}
