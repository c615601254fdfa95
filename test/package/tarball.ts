import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { repository } from './entries.ts'

interface Packed {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** What `npm publish` would upload. */
export interface Tarball {
  readonly path: string
  /** Relative to the package, in the order of code units. */
  readonly files: readonly string[]
}

/** Packs what `npm run build` made. */
export function packTarball(folder: string): Tarball {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const [packed] = JSON.parse(
    execFileSync('npm', args, { cwd: repository, encoding: 'utf8', stdio: 'pipe' }),
  ) as readonly Packed[]
  if (!packed) throw new Error('npm packed nothing')
  return { path: join(folder, packed.filename), files: packed.files.map(({ path }) => path).toSorted() }
}
