import { createHash } from 'node:crypto'
import { compareCodeUnits } from '../../graph/code-units.ts'
import type { LockFile, LockedEdge, LockedLine, LockedPackage } from './lock-file.ts'

/** Its first word names the format, its second the version of it. */
export const FIRST_LINE = 'migrations.lock v1'
/** Before the options of the build. */
export const OPTIONS = 'options '
const ABOUT = '# What may run, and in which order. Written by unplugin-migrations: review and commit it.'

/** The text of a lock file: the same for the same content, with LF. */
export function printLock({ packages, options }: LockFile): string {
  const blocks = packages
    .filter(({ lines }) => lines.length > 0)
    .toSorted((one, other) => compareCodeUnits(one.name, other.name))
    .map(printPackage)
  const head = options === undefined ? '' : `${OPTIONS}${options}\n`
  return [`${FIRST_LINE}\n${ABOUT}\n${head}`, ...blocks].join('\n')
}

/**
 * A header with the block's digest, then the lines. Two branches that add to one package both change its header, so that
 * they meet there when they are merged, and the order of what both add is decided by somebody.
 */
function printPackage({ name, lines }: LockedPackage): string {
  const printed = lines.map((line) => `  ${printLine(line)}\n`).join('')
  return `${name} ${digestOfBlock(printed)}\n${printed}`
}

/** The first 16 hex digits of the SHA-256 over the lines of a block: it finds mistakes, and proves nothing. */
export function digestOfBlock(lines: string): string {
  return createHash('sha256').update(lines).digest('hex').slice(0, 16)
}

function printLine({ name, hash, accepted, revision, version, edges, retired }: LockedLine): string {
  return [
    name,
    ...(revision === undefined ? [] : [`r${revision}`]),
    hash,
    version,
    ...edges.map(printEdge),
    ...accepted.flatMap((earlier) => ['was', earlier]),
    ...(retired ? ['retired'] : []),
  ].join(' ')
}

function printEdge({ kind, to, isForeign }: LockedEdge): string {
  return `${kind}=${isForeign ? '!' : ''}${to}`
}
