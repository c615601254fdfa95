import { realpathSync, statSync } from 'node:fs'

/** Absolute paths have `/` everywhere, as in the text of a module. */
export function withSlashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path
}

/** On Windows not `.native`: it resolves mapped drives to paths that bundlers do not know. Elsewhere it is faster. */
const readRealPath = process.platform === 'win32' ? realpathSync : realpathSync.native

/** The real path with `/`, or `undefined` where nothing is there. */
export function realPath(path: string): string | undefined {
  try {
    return withSlashes(readRealPath(path))
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

export function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/** Whether `path` lies below `folder`; both real. */
export function isInside(path: string, folder: string): boolean {
  return path.startsWith(folder) && (path.charAt(folder.length) === '/' || folder.endsWith('/'))
}

/** Whether an error says that nothing is there. */
export function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP' || code === 'ENAMETOOLONG'
}
