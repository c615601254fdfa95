import { execFileSync } from 'node:child_process'
import { LOCK_FILE, type LockFile } from './lock-file.ts'
import { parseLock } from './parse.ts'

/** The last commit, and while two are brought together the other one. */
const COMMITS = ['HEAD', 'MERGE_HEAD', 'CHERRY_PICK_HEAD', 'REBASE_HEAD']

/** Hooks have them: they lead to another repository, or to another folder of this one, than that of the application. */
const MOVING = ['GIT_DIR', 'GIT_WORK_TREE', 'GIT_COMMON_DIR', 'GIT_OBJECT_DIRECTORY', 'GIT_IMPLICIT_WORK_TREE']

/**
 * The lock file of an application as commits hold it: the last one, and the one that is being merged, picked or rebased.
 * Commits without such a file are left out.
 *
 * @returns `undefined` where there is no Git, or no repository that it trusts
 */
export function committedLocks(root: string): readonly LockFile[] | undefined {
  if (git(root, ['rev-parse', '--is-inside-work-tree'])?.toString().trim() !== 'true') return undefined
  // A path with `./` is relative to the folder, wherever the repository begins.
  const names = COMMITS.map((commit) => `${commit}:./${LOCK_FILE}\n`).join('')
  const answers = git(root, ['cat-file', '--batch'], names)
  return answers && blobsIn(answers).map((text) => parseLock(text).lock)
}

/** Each is announced by a line that ends with its length in bytes; what is missing is a line only. */
function blobsIn(answers: Buffer): readonly string[] {
  const blobs: string[] = []
  for (let at = 0; at < answers.length;) {
    const end = answers.indexOf('\n', at)
    const length = / blob (\d+)$/.exec(answers.toString('utf8', at, end))?.[1]
    at = end + 1
    if (length === undefined) continue
    blobs.push(answers.toString('utf8', at, at + Number(length)))
    at += Number(length) + 1
  }
  return blobs
}

function git(root: string, words: readonly string[], input = ''): Buffer | undefined {
  try {
    return execFileSync('git', words, {
      cwd: root,
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !MOVING.includes(name))),
      input,
      // Larger than any lock file that somebody reviews.
      maxBuffer: 256 * 1024 * 1024,
      timeout: 30_000,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
  } catch {
    // Whatever it is, there is no answer: no Git, no repository.
    return undefined
  }
}
