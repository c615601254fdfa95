import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packTarball } from './tarball.ts'

/** A project outside the repository, with the package from its tarball. */
export interface User {
  readonly folder: string
  /** Runs Node in the project. @returns what it prints. @throws with all that it printed when it fails */
  node(...args: readonly string[]): string
}

/**
 * @param name of a folder in `users/`, which is the project; `empty` has no files
 * @param others what is installed beside, `name@version`
 */
export function installFor(name: string, others: readonly string[]): User {
  const temporary = realpathSync(mkdtempSync(join(tmpdir(), `user-`)))
  const folder = join(temporary, name)
  mkdirSync(folder)
  if (name !== 'empty') cpSync(join(import.meta.dirname, 'users', name), folder, { recursive: true })
  const { path } = packTarball(temporary)
  const settings = ['--prefer-offline', '--no-audit', '--no-fund', '--no-workspaces']
  execFileSync('npm', ['install', ...settings, path, ...others], { cwd: folder, stdio: 'pipe' })
  return { folder, node: (...args) => runNode(folder, args) }
}

function runNode(cwd: string, args: readonly string[]): string {
  // A test runner is never a client, and neither is a user.
  const { VITEST: _, ...env } = process.env
  return execFileSync(process.execPath, args, { cwd, env, encoding: 'utf8', stdio: 'pipe' })
}
