import type { Id } from '../../graph/manifest.ts'
import { packageNameProblem } from '../metadata/name.ts'
import type { LockFile, LockedLine, LockedPackage } from './lock-file.ts'
import { parseOptions } from './locked-options.ts'
import { parseLine } from './parse-line.ts'
import { FIRST_LINE, OPTIONS, digestOfBlock } from './print.ts'

/** What is wrong with a lock file's text. `line` counts from 1. */
export interface LockProblem {
  /**
   * `newer` another version of the format · `conflict` markers of a merge · `malformed` · `twice` a package or migration
   * that has a line already · `digest` a block whose lines are not those that were written
   */
  readonly kind: 'newer' | 'conflict' | 'malformed' | 'twice' | 'digest'
  readonly line: number
  /** What was expected, or found. */
  readonly what: string
}

export interface ParsedLock {
  readonly lock: LockFile
  /** In the order of lines. With any but `digest`, `lock` is not all that the text meant. */
  readonly problems: readonly LockProblem[]
  /** The line of each migration in the text, from 1. */
  readonly at: ReadonlyMap<Id, number>
}

const MARKER = /^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/
const DIGEST = /^[0-9a-f]{16}$/

/** Reads a lock file. Goes on after a problem, so that all of them are told at once; never throws. */
export function parseLock(text: string): ParsedLock {
  const problems: LockProblem[] = []
  const packages = new Map<string, { line: number; digest: string; lines: LockedLine[]; text: string }>()
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n/)
  if (lines[0] !== FIRST_LINE) {
    const isNewer = /^migrations\.lock v\d+$/.test(lines[0] ?? '')
    const isConflict = MARKER.test(lines[0] ?? '')
    problems.push(
      isConflict
        ? { kind: 'conflict', line: 1, what: 'a marker of a merge' }
        : { kind: isNewer ? 'newer' : 'malformed', line: 1, what: `the first line is not "${FIRST_LINE}"` },
    )
    return { lock: { packages: [] }, problems, at: new Map() }
  }
  let block: { line: number; digest: string; lines: LockedLine[]; text: string } | undefined
  const at = new Map<Id, number>()
  let owner = ''
  let options: string | undefined
  for (const [index, content] of lines.entries()) {
    const line = index + 1
    if (line === 1 || content === '' || content.startsWith('#')) continue
    if (MARKER.test(content)) {
      problems.push({ kind: 'conflict', line, what: 'a marker of a merge' })
      continue
    }
    if (content.startsWith(`${OPTIONS}{`)) {
      options = content.slice(OPTIONS.length)
      if (!parseOptions(options)) problems.push({ kind: 'malformed', line, what: 'these are no options' })
      continue
    }
    if (!content.startsWith(' ')) {
      const [name = '', digest = '', ...rest] = content.split(' ')
      owner = name
      block = { line, digest, lines: [], text: '' }
      if (packageNameProblem(name) !== undefined || !DIGEST.test(digest) || rest.length > 0)
        problems.push({ kind: 'malformed', line, what: 'a package with its digest is expected' })
      else if (packages.has(name)) problems.push({ kind: 'twice', line, what: `${name} has a block already` })
      else packages.set(name, block)
      continue
    }
    const read = parseLine(content.trim().split(/ +/))
    if (typeof read === 'string' || !block) {
      problems.push({ kind: 'malformed', line, what: typeof read === 'string' ? read : 'no package is above it' })
      continue
    }
    const id = `${owner}:${read.name}`
    if (at.has(id)) problems.push({ kind: 'twice', line, what: `${read.name} has a line already` })
    else at.set(id, line)
    block.lines.push(read)
    block.text += `${content}\n`
  }
  // A block that could not be read has another digest for that reason.
  if (problems.length === 0)
    for (const [name, { line, digest, text: written }] of packages)
      if (digestOfBlock(written) !== digest)
        problems.push({ kind: 'digest', line, what: `the digest of ${name} is not that of its lines` })
  return {
    lock: {
      ...(options === undefined ? {} : { options }),
      packages: [...packages].map(([name, { lines: read }]): LockedPackage => ({ name, lines: read })),
    },
    problems,
    at,
  }
}
