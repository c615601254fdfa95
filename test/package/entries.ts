import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const repository: string = join(import.meta.dirname, '../..')

interface PackageJson {
  readonly exports: Readonly<Record<string, string | null | { readonly types: string }>>
  readonly files: readonly string[]
  readonly bin: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>
}

export const packageJson: PackageJson = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))

/** What users import. */
export interface Entry {
  /** `unplugin-migrations/adapters/files` */
  readonly specifier: string
  /** `adapters/files`, and `index` for the package itself. */
  readonly name: string
  /** Relative to the repository. Absent where there are types alone. */
  readonly code?: string
  /** Relative to the repository. */
  readonly types: string
}

/** All that `exports` of package.json opens, its patterns filled in from dist. */
export const entries: readonly Entry[] = Object.entries(packageJson.exports)
  .filter(([subpath]) => subpath !== './package.json')
  .flatMap(([subpath, target]): readonly Entry[] => {
    if (target === null) return []
    if (typeof target !== 'string') return [entryOf(subpath, { types: target.types })]
    const filled = subpath.includes('*') ? filesAt(target) : ['']
    return filled.map((name) => {
      const code = target.replace('*', name)
      return entryOf(subpath.replace('*', name), { code, types: code.replace(/\.js$/, '.d.ts') })
    })
  })

function entryOf(subpath: string, target: Pick<Entry, 'code' | 'types'>): Entry {
  return { specifier: subpath.replace('.', 'unplugin-migrations'), name: subpath.slice(2) || 'index', ...target }
}

/** What `*` stands for in `./dist/adapters/*.js`. Folders below are closed by an entry that is `null`. */
function filesAt(pattern: string): readonly string[] {
  const [folder = '', suffix = ''] = pattern.split('*')
  return readdirSync(join(repository, folder))
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .toSorted()
}

/** Bundlers and nothing else are peers: an entry of the same name needs the types of each. */
export const bundlers: readonly string[] = Object.keys(packageJson.peerDependencies)

/** Of a package as it is locked here. */
export function installedVersion(name: string): string {
  const { version } = JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8'))
  return String(version)
}
