import { isAbsolute, posix } from 'node:path'
import { Mismatch } from './schema.ts'

/** A path relative to the application. @throws Mismatch where there is none, like between drives */
export function toRelative(path: string, root: string): string {
  const relative = path.startsWith(`${root}/`) ? path.slice(root.length + 1) : posix.relative(root, path)
  if (isAbsolute(relative) || toAbsolute(relative, root) !== path) throw new Mismatch(`${path} has no relative path`)
  return relative
}

/** In a path that is below the application, as most are, nothing needs to be resolved: no empty name, `.`, `..` or drive. */
const NEEDS_LOOK = /(?:^|\/)\.{0,2}(?:\/|$)|[\\\0]|^[A-Za-z]:/

/** The path that `toRelative` was given. */
export function toAbsolute(relative: string, root: string): string {
  if (!NEEDS_LOOK.test(relative)) return `${root}/${relative}`
  if (isAbsolute(relative) || /^[A-Za-z]:|[\\\0]/.test(relative)) throw new Mismatch('not a relative path')
  return posix.join(root, relative)
}
