import { join } from 'node:path'
import type { Entry } from '../../runtime/entry.ts'
import { exists, namesIn, readIfExists } from './durable.ts'
import { damaged, entriesOf, fileName, serialIn } from './entry-file.ts'
import { codeOf } from './error-code.ts'

/** Most files hold one entry, so the next names are known: this many are read at once. */
const READ_AT_ONCE = 32

/**
 * Entries from the file of serial `start` on. Every next file is asked for by its name: a listing that others write to
 * may lack a name that is older than one it has.
 *
 * @param files the folder that holds the log's files
 * @throws MigrationError `MIG_R0221` when a file is damaged, or missing before one that is there
 */
export async function* entriesFrom(files: string, start: number): AsyncIterable<Entry> {
  let expected = start
  for (let size = 1; ; size = Math.min(size * 2, READ_AT_ONCE)) {
    const base = expected
    const names = Array.from({ length: size }, (_, offset) => fileName(base + offset))
    const texts = await Promise.all(names.map((name) => textOf(join(files, name))))
    while (expected - base < size) {
      const text = texts[expected - base] ?? null
      if (text === null) break
      const entries = entriesOf(join(files, fileName(expected)), expected, text)
      expected += entries.length
      yield* entries
    }
    if (expected - base < size && !(await goesOn(files, expected))) return
  }
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readIfExists(path)
  } catch (error) {
    throw codeOf(error) === 'ELOOP' ? damaged(`${path} is a link`, error) : error
  }
}

/** First serials of all files, ascending. @throws MigrationError `MIG_R0221` when the first file is missing */
export async function serialsIn(files: string): Promise<readonly number[]> {
  const serials = (await namesIn(files)).map(serialIn).filter((serial) => serial !== null)
  if (serials.length === 0 || serials[0] === 0 || (await exists(join(files, fileName(0))))) return serials
  throw damaged(`${files} has no ${fileName(0)}`)
}

/** Whether the log has a file of serial `expected` now; without it, it must have none behind it. */
async function goesOn(files: string, expected: number): Promise<boolean> {
  const behind = (await serialsIn(files)).find((serial) => serial >= expected)
  if (behind === undefined) return false
  if (await exists(join(files, fileName(expected)))) return true
  throw damaged(`${files} has ${fileName(behind)}, but not ${fileName(expected)}`)
}
