import { app, scanned } from '../scan/tree.ts'
import { goldenFiles } from './golden.ts'

/** The hash of each fixture in hex, without its prefix, by its name. Expects that nothing is wrong with any. */
export async function hashesOf(
  files: Readonly<Record<string, string>> = goldenFiles(),
): Promise<ReadonlyMap<string, string>> {
  return hashesIn(app(files))
}

/** The same of an application whose folder `path` holds the fixtures. */
export async function hashesIn(root: string, path = 'migrations'): Promise<ReadonlyMap<string, string>> {
  const { migrations } = await scanned(root, { path })
  return new Map(migrations.map(({ id, hash }) => [id.replace('app:', ''), hash.replace(/^h\d:/, '')]))
}
