import { createHash } from 'node:crypto'
import type { LockFile, LockedLine } from '../../src/scan/lock/lock-file.ts'

export function hash(text: string): string {
  return `h1:${createHash('sha256').update(text).digest('hex')}`
}

export function line(name: string, more: Partial<LockedLine> = {}): LockedLine {
  return { name, hash: hash(name), accepted: [], version: '1.0.0', edges: [], ...more }
}

/** A lock file of these packages. */
export function lockOf(packages: Readonly<Record<string, readonly LockedLine[]>>): LockFile {
  return { packages: Object.entries(packages).map(([name, lines]) => ({ name, lines })) }
}
