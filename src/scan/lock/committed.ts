import { execFileSync } from 'node:child_process'
import { LOCK_FILE, type LockFile } from './lock-file.ts'
import { parseLock } from './parse.ts'

/**
 * The lock file of an application as its last commit holds it: without lines where the commit has no such file.
 *
 * @returns `undefined` where there is no Git, or no repository that it trusts
 */
export function committedLock(root: string): LockFile | undefined {
  if (git(root, 'rev-parse', '--is-inside-work-tree')?.trim() !== 'true') return undefined
  // A path with `./` is relative to the folder, wherever the repository begins.
  const text = git(root, 'cat-file', 'blob', `HEAD:./${LOCK_FILE}`)
  return text === undefined ? { packages: [] } : parseLock(text).lock
}

function git(root: string, ...words: readonly string[]): string | undefined {
  try {
    return execFileSync('git', words, {
      cwd: root,
      encoding: 'utf8',
      // Larger than any lock file that somebody reviews.
      maxBuffer: 256 * 1024 * 1024,
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  } catch {
    // Whatever it is, there is no answer: no Git, no repository, no commit, no such file.
    return undefined
  }
}
