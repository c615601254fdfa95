import { existsSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { isInside, realPath } from '../paths.ts'

/** A file that is hashed with what imports it. `asset`: it counts as it is written, `json` and `module` by what they say. */
export interface ImportedFile {
  readonly kind: 'module' | 'json' | 'asset'
  readonly file: string
}

/**
 * Where an import leads. `outside`: to code that the hash does not cover. `package`: by a name, which counts as it is
 * written.
 */
export type ImportTarget = ImportedFile | { readonly kind: 'package' | 'outside' | 'alias' | 'missing' }

const MODULE = /\.(?:ts|mts|cts|js|mjs|cjs|tsx|jsx)$/
/** What a compiler's specifier may have been in the source, in the order of likelihood. */
const ENDINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['.js', ['.ts', '.tsx']],
  ['.mjs', ['.mts']],
  ['.cjs', ['.cts']],
  ['.ts', ['.js']],
  ['.mts', ['.mjs']],
])
const ADDED = ['.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js']

/** @param folder Real path of the folder of migrations. */
export function importTarget(specifier: string, from: string, folder: string): ImportTarget {
  if (!/^\.\.?(?:\/|$)/.test(specifier))
    return { kind: /^(?:#|\/|~|@\/|[A-Za-z]:[\\/]|file:)/i.test(specifier) ? 'alias' : 'package' }
  const path = posix.join(posix.dirname(from), withoutQuery(specifier))
  const found = candidates(path).find((each) => existsSync(each) && statSync(each).isFile())
  const file = found && realPath(found)
  if (file === undefined) return { kind: isInside(path, folder) ? 'missing' : 'outside' }
  if (!isInside(file, folder)) return { kind: 'outside' }
  return { kind: kindOf(file, specifier), file }
}

/** A query like `?raw` asks for the text. */
function kindOf(file: string, specifier: string): ImportedFile['kind'] {
  if (specifier.includes('?')) return 'asset'
  if (file.endsWith('.json')) return 'json'
  return MODULE.test(file) ? 'module' : 'asset'
}

function candidates(path: string): readonly string[] {
  const ending = posix.extname(path)
  const others = ENDINGS.get(ending) ?? []
  return [path, ...others.map((other) => path.slice(0, -ending.length) + other), ...ADDED.map((added) => path + added)]
}

/** A file's name in the hash: the same for a source and what is compiled from it. */
export function hashedName(file: string, folder: string): string {
  return withoutEnding(file.slice(folder.length + 1))
}

export function withoutEnding(path: string): string {
  return path.replace(MODULE, '')
}

export function withoutQuery(specifier: string): string {
  return specifier.replace(/[?].*$/s, '')
}
