import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { isEntry } from '../../runtime/entry-shape.ts'
import { createWhole, exists, readIfExists, temporaryName } from './durable.ts'
import { damaged, fileName } from './entry-file.ts'
import { codeOf } from './error-code.ts'
import { entriesFrom, serialsIn } from './log-files.ts'
import { seal, unseal } from './sealed.ts'

const HEAD = 'head.json'

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
    head: () => endOf(folder, files),
    async *read(after) {
      // The file that holds the first wanted entry is the last one that does not begin behind it.
      const start = (await serialsIn(files)).findLast((serial) => serial <= after + 1)
      if (start === undefined) return
      for await (const entry of entriesFrom(files, start)) if (entry.serial > after) yield entry
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

/** Genesis and end of the log: one small read and two looks, when the hint is up to date. */
async function endOf(folder: string, files: string): Promise<Head | null> {
  const head = await readHead(folder)
  if (!head) return walk(folder, files, null)
  if (!(await exists(join(files, fileName(head.file)))))
    throw damaged(`${files} has no ${fileName(head.file)}, which ${HEAD} names`)
  return (await exists(join(files, fileName(head.last.serial + 1)))) ? walk(folder, files, head) : head
}

/** Reads on from the hint, or from the start. `null`: there is no entry, and no hint that there was one. */
async function walk(folder: string, files: string, hint: Head | null): Promise<Head | null> {
  let head = hint
  const starts = new Set(await serialsIn(files))
  if (starts.size === 0 && (await isLost(folder, files)))
    throw damaged(`${files} holds no entry, but there is a ${HEAD}`)
  for await (const entry of entriesFrom(files, hint?.file ?? 0)) {
    const file = starts.has(entry.serial) ? entry.serial : (head?.file ?? 0)
    head = { genesis: head?.genesis ?? entry, last: entry, file }
  }
  return head
}

/** A hint without a log. In this order: whoever began the log meanwhile wrote its first file before the hint. */
async function isLost(folder: string, files: string): Promise<boolean> {
  return (await exists(join(folder, HEAD))) && (await serialsIn(files)).length === 0
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
