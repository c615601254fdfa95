import { lstat, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { MigrationError } from '../../runtime/errors.ts'
import { codeOf } from '../disk/error-code.ts'

/** The folder at a tree's root that holds its log, lock and staged work. */
export const BOOKS = '.migrations'

/** @throws MigrationError `MIG_R0232` unless the path stays below the root by its letters alone */
export function checkPath(path: string): void {
  const segments = path.split('/')
  const isPlain = segments.every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  if (!isPlain || segments[0] === BOOKS || /[\\\0]/.test(path) || /^[A-Za-z]:/.test(path))
    throw refused(path, 'paths are relative to the root, with `/`, without `..`, outside of `.migrations`')
  // Half of a surrogate pair has no UTF-8: two such names would be one on disk.
  if (/\p{Surrogate}/u.test(path)) throw refused(path, 'half of a surrogate pair has no name on disk')
}

/** The folders that a path of a tree lies in, without the root. */
export function foldersOf(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1)
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'))
}

/** Where a path of a tree lies on disk. @throws MigrationError `MIG_R0232` when it leaves the root, through links too */
export async function locate(root: string, path: string): Promise<string> {
  checkPath(path)
  const file = join(root, path)
  const folder = await realFolder(dirname(file))
  const inside = relative(await realFolder(root), folder)
  if (inside !== '..' && !inside.startsWith(`..${sep}`)) return file
  throw refused(path, 'a link on the way leaves the root')
}

/** The real path of a folder, or of the nearest one above it that exists. */
async function realFolder(folder: string): Promise<string> {
  try {
    return await realpath(folder)
  } catch (error) {
    if (!isNothing(error) || dirname(folder) === folder) throw error
    return join(await realFolder(dirname(folder)), relative(dirname(folder), folder))
  }
}

/** What is at a place: a regular file, nothing, or something else. */
export async function kindAt(file: string): Promise<'file' | 'absent' | 'other'> {
  try {
    return (await lstat(file)).isFile() ? 'file' : 'other'
  } catch (error) {
    if (isNothing(error)) return 'absent'
    throw error
  }
}

/** Whether a folder is there, or a link to one. */
export async function isFolder(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isDirectory()
  } catch (error) {
    if (isNothing(error)) return false
    throw error
  }
}

/** Whether something is there that no folder can be made in place of. */
export async function isInTheWay(file: string): Promise<boolean> {
  return (await kindAt(file)) !== 'absent' && !(await isFolder(file))
}

/** What is asked of a place below a file is answered by `ENOTDIR`. */
function isNothing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR'
}

function refused(path: string, why: string): MigrationError {
  return new MigrationError('MIG_R0232', `${JSON.stringify(path)} is refused: ${why}.`, {
    next: 'use a relative path inside the root',
  })
}
