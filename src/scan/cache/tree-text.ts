import { entriesBelow } from '../entries-below.ts'

/** A folder of migrations goes no deeper than people can read; what does is read again each time. */
const MOST = 100_000

/**
 * All names below a folder, as one text: as long as it is the same, the same files are found, and imports lead to the
 * same ones.
 *
 * @returns `undefined` where that cannot be told from names: a link may lead elsewhere tomorrow
 */
export function treeText(folder: string): string | undefined {
  const paths: string[] = []
  for (const { path, entry } of entriesBelow(folder)) {
    paths.push(entry.isDirectory() ? `${path}/` : path)
    if ((!entry.isDirectory() && !entry.isFile()) || paths.length > MOST) return undefined
  }
  return paths.toSorted().join('\n')
}
