import { type LockFile, type LockedLine, linesOf } from './lock-file.ts'

const OURS = /^<{7}(?:\s|$)/
const BASE = /^\|{7}(?:\s|$)/
const BETWEEN = /^={7}\s*$/
const THEIRS = /^>{7}(?:\s|$)/

/**
 * The two texts that a merge could not bring together, each as its branch has it. Knows the markers of Git, with and
 * without the common base (`merge.conflictStyle`).
 *
 * @returns `undefined` where the markers do not follow each other as Git writes them
 */
export function sidesOf(text: string): { readonly ours: string; readonly theirs: string } | undefined {
  const ours: string[] = []
  const theirs: string[] = []
  let side: 'both' | 'ours' | 'base' | 'theirs' = 'both'
  for (const line of text.split(/\r\n|\n/)) {
    if (OURS.test(line)) {
      if (side !== 'both') return undefined
      side = 'ours'
    } else if (BASE.test(line) && side === 'ours') side = 'base'
    else if (BETWEEN.test(line) && (side === 'ours' || side === 'base')) side = 'theirs'
    else if (THEIRS.test(line)) {
      if (side !== 'theirs') return undefined
      side = 'both'
    } else {
      if (side === 'both' || side === 'ours') ours.push(line)
      if (side === 'both' || side === 'theirs') theirs.push(line)
    }
  }
  return side === 'both' ? { ours: ours.join('\n'), theirs: theirs.join('\n') } : undefined
}

/**
 * Both sides in one: what ours has keeps its place, what only theirs has follows at the end of its package. Nothing that
 * either side knows is lost.
 */
export function mergeLocks(ours: LockFile, theirs: LockFile): LockFile {
  const names = new Set([...ours.packages, ...theirs.packages].map(({ name }) => name))
  const options = ours.options ?? theirs.options
  return {
    ...(options === undefined ? {} : { options }),
    packages: [...names].map((name) => ({ name, lines: mergeLines(linesOf(ours, name), linesOf(theirs, name)) })),
  }
}

function mergeLines(ours: readonly LockedLine[], theirs: readonly LockedLine[]): readonly LockedLine[] {
  const others = new Map(theirs.map((line) => [line.name, line]))
  const own = new Set(ours.map(({ name }) => name))
  return [
    ...ours.map((line) => mergeLine(line, others.get(line.name) ?? line)),
    ...theirs.filter(({ name }) => !own.has(name)),
  ]
}

/** One line of two that are of the same migration. */
export function mergeLine(ours: LockedLine, theirs: LockedLine): LockedLine {
  const [winner, loser] = isNewer(theirs, ours) ? [theirs, ours] : [ours, theirs]
  const { accepted: _, ...line } = winner
  const { revision } = line
  // What was accepted has run as it was accepted, on the databases of its branch.
  const accepted = loser.accepted.length > 0 ? [loser.hash] : []
  const earlier = new Set([...accepted, ...ours.accepted, ...theirs.accepted])
  earlier.delete(line.hash)
  // Both sides changed it under the same number: what comes of them runs once more.
  const isContested = revision !== undefined && revision === ours.revision && ours.hash !== theirs.hash
  return {
    ...line,
    accepted: [...earlier],
    ...(isContested && revision === theirs.revision ? { revision: revision + 1 } : {}),
    ...(ours.retired || theirs.retired ? { retired: true as const } : {}),
  }
}

/** Whoever accepted a change knows the other side's hash as an earlier one. */
function isNewer(one: LockedLine, other: LockedLine): boolean {
  return one.accepted.includes(other.hash) || (one.revision ?? 0) > (other.revision ?? 0)
}
