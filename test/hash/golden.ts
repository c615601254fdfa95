import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'golden')

/** The files of all fixtures, by their path below a folder of migrations: `<set>/<file>`. */
export function goldenFiles(): Readonly<Record<string, string>> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
  return Object.fromEntries(files.toSorted().flatMap((name) => filesOf(name.replace('.txt', ''))))
}

/** A set is one text. Each file in it follows a line `=== <file>`. */
function filesOf(set: string): readonly (readonly [string, string])[] {
  const [before, ...parts] = readFileSync(join(FOLDER, `${set}.txt`), 'utf8').split(/^=== /m)
  if (before !== '') throw new Error(`${set}.txt does not begin with a file.`)
  return parts.map((part) => {
    const end = part.indexOf('\n')
    return [`${set}/${part.slice(0, end)}`, part.slice(end + 1)]
  })
}

/** The frozen hashes in hex, without their prefix, by name of the migration: `<set>/<name>`. */
export function frozenHashes(): ReadonlyMap<string, string> {
  const lines = readFileSync(join(FOLDER, '../frozen-hashes.txt'), 'utf8').trimEnd().split('\n')
  return new Map(lines.map((line) => [line.slice(65), line.slice(0, 64)]))
}
