import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { isEntry } from '../../runtime/entry-shape.ts'
import { createWhole, exists, namesIn, readIfExists, temporaryName } from './durable.ts'
import { damaged, entriesOf, fileName, serialIn } from './entry-file.ts'
import { codeOf } from './error-code.ts'
import { seal, unseal } from './sealed.ts'

const HEAD = 'head.json'
const READ_AT_ONCE = 32

/** What `head.json` says. A hint: the files of the log are the truth, and it may lag behind them. */
interface Head {
  readonly genesis: Entry
  readonly last: Entry
  /** Serial in the name of the file that holds `last`. */
  readonly file: number
}

/**
 * A log in a folder. Every append is one file, named by its first serial and created by `link()`, which fails when the
 * name exists: that is the compare-and-set. Files are never changed.
 *
 * @param folder holds `log/` and `head.json`; made by the first append
 */
export function diskLog(folder: string): Log {
  const files = join(folder, 'log')
  return {
    async head() {
      const head = await readHead(folder)
      if (head && !(await exists(join(files, fileName(head.file)))))
        throw damaged(`${files} has no ${fileName(head.file)}, which ${HEAD} names`)
      if (head && !(await exists(join(files, fileName(head.last.serial + 1))))) return head
      return walk(folder, files, head)
    },
    async *read(after) {
      const serials = await serialsOf(files)
      // The file that holds the first wanted entry is the last one that does not begin behind it.
      const start = Math.max(
        0,
        serials.findLastIndex((serial) => serial <= after + 1),
      )
      for await (const entry of entriesFrom(files, serials.slice(start))) if (entry.serial > after) yield entry
    },
    async append(entries) {
      const [first] = entries
      const last = entries.at(-1)
      if (!first || !last) return 'appended'
      const head = first.serial === 0 ? null : await endOf(folder, files)
      const end = head?.last.serial ?? -1
      if (end >= first.serial) return 'taken'
      if (end < first.serial - 1) throw damaged(`${files} ends at ${end}, entry ${first.serial} would leave a gap`)
      if ((await createWhole(files, fileName(first.serial), seal(entries))) === 'exists') return 'taken'
      await writeHint(folder, { genesis: head?.genesis ?? first, last, file: first.serial })
      return 'appended'
    },
  }
}

/** The end of the log, without reading more than is new since the hint. */
async function endOf(folder: string, files: string): Promise<Head | null> {
  const head = await readHead(folder)
  if (head && (await exists(join(files, fileName(head.file))))) {
    if (!(await exists(join(files, fileName(head.last.serial + 1))))) return head
  }
  return walk(folder, files, head)
}

/** Reads on from the hint, or from the start. `null`: there is no entry, and no hint that there was one. */
async function walk(folder: string, files: string, hint: Head | null): Promise<Head | null> {
  const serials = await serialsOf(files)
  const start = hint ? serials.indexOf(hint.file) : 0
  if (start < 0) throw damaged(`${files} has no ${fileName(hint?.file ?? 0)}, which ${HEAD} names`)
  const rest = new Set(serials.slice(start))
  let genesis = hint?.genesis
  let last: Entry | undefined
  let file = 0
  for await (const entry of entriesFrom(files, [...rest])) {
    if (rest.has(entry.serial)) file = entry.serial
    genesis ??= entry
    last = entry
  }
  if (genesis && last) return { genesis, last, file }
  if (await exists(join(folder, HEAD))) throw damaged(`${files} holds no entry, but there is a ${HEAD}`)
  return null
}

/** First serials of all files, ascending. @throws MigrationError `MIG_R0221` when the first file is missing */
async function serialsOf(files: string): Promise<readonly number[]> {
  const serials = (await namesIn(files)).map(serialIn).filter((serial) => serial !== null)
  if (serials.length > 0 && serials[0] !== 0) throw damaged(`${files} has no ${fileName(0)}`)
  return serials
}

async function* entriesFrom(files: string, serials: readonly number[]): AsyncIterable<Entry> {
  let expected = serials[0]
  for (let start = 0; start < serials.length; start += READ_AT_ONCE) {
    const batch = serials.slice(start, start + READ_AT_ONCE)
    const texts = await Promise.all(batch.map((serial) => readFile(join(files, fileName(serial)), 'utf8')))
    for (const [index, serial] of batch.entries()) {
      if (serial !== expected) throw damaged(`${files} has ${fileName(serial)} where entry ${expected} belongs`)
      const entries = entriesOf(join(files, fileName(serial)), serial, texts[index] ?? '')
      expected = serial + entries.length
      yield* entries
    }
  }
}

/** The hint; `null` when there is none or it is not whole: then the files tell. */
async function readHead(folder: string): Promise<Head | null> {
  const text = await readIfExists(join(folder, HEAD))
  if (text === null) return null
  try {
    const head = unseal(text) as Partial<Head> | null
    if (!isEntry(head?.genesis) || !isEntry(head.last) || typeof head.file !== 'number') return null
    return { genesis: head.genesis, last: head.last, file: head.file }
  } catch {
    return null
  }
}

/**
 * Not synced, and a failure is no failure of the append: the entry is durable already, and a hint that lags, is lost or
 * torn costs the next reader a longer read.
 */
async function writeHint(folder: string, head: Head): Promise<void> {
  const temporary = join(folder, temporaryName())
  try {
    await writeFile(temporary, seal(head))
    await rename(temporary, join(folder, HEAD))
  } catch (error) {
    if (codeOf(error) === '') throw error
    await rm(temporary, { force: true })
  }
}
