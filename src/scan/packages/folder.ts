import { isAbsolute, posix } from 'node:path'
import { isFolder, isInside, realPath } from '../paths.ts'

export type FolderProblem = 'escapes' | 'whole' | 'missing' | 'not-a-folder'

/** The real path of a folder inside a package, or why there is none. */
export function folderInside(
  root: string,
  path: string,
): { readonly folder: string } | { readonly problem: FolderProblem } {
  const foreign = isAbsolute(path) || /^[A-Za-z]:|[\\\0]|^[a-z]+:\/\//i.test(path)
  const joined = posix.join(root, path)
  if (foreign || path.split('/').includes('..')) return { problem: 'escapes' }
  if (joined.replace(/\/$/, '') === root) return { problem: 'whole' }
  if (!isInside(joined, root)) return { problem: 'escapes' }
  const folder = realPath(joined.replace(/\/$/, ''))
  if (folder === undefined) return { problem: 'missing' }
  if (!isInside(folder, root)) return { problem: 'escapes' }
  return isFolder(folder) ? { folder } : { problem: 'not-a-folder' }
}
