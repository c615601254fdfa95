import type { Log } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import { type EntryRow, type Row, entryOf, rowOf } from '../sql-log/entry-row.ts'
import { logStatements } from '../sql-log/statements.ts'
import { type D1Database, type D1Query, prepared } from './database.ts'

const COLUMNS = ['serial', 'kind', 'id', 'target', 'generation', 'hash', 'attempt', 'at', 'done', 'rest']
/** Entries in one answer: a Worker has little memory. */
const PAGE = 1000
/** UTF-16 units of rows in one value, which may have 2,000,000 bytes. */
const CHUNK = 500_000
const GAP = 'would leave a gap'

export interface D1Log extends Log {
  /**
   * Sends one batch: first the entries, then `queries`. All of it takes effect, or nothing.
   *
   * @returns `taken` when the log has the first serial
   * @throws MigrationError `MIG_R0221` when it ends before the one above, and what D1 throws
   */
  commit(entries: readonly Entry[], queries: readonly D1Query[]): Promise<'appended' | 'taken'>
  /** Who wrote an entry. */
  attemptAt(serial: number): Promise<string | undefined>
}

/** The log of one D1 database, in `table`. */
export function d1Log(database: D1Database, table: string): D1Log {
  const statements = logStatements(table)
  const rows = async (text: string): Promise<readonly Row[]> =>
    (await database.prepare(text).all()).results as readonly Row[]
  const exists = async (): Promise<boolean> =>
    (await rows(`SELECT 1 FROM sqlite_master WHERE lower(name) = lower('${table}')`)).length > 0

  /** The catalogue is asked only after a failure, so that a boot is one query; and again, when the table came meanwhile. */
  const rowsIfExists = async (text: string): Promise<readonly Row[] | null> => {
    try {
      return await rows(text)
    } catch {
      return (await exists()) ? rows(text) : null
    }
  }

  const insertion = (chunk: readonly EntryRow[]): D1Query => {
    const first = chunk[0]?.serial ?? 0
    const end = `coalesce((${statements.end}), -1)`
    // SQL raises errors only in triggers, but a path that is none is an error with that path in its message.
    const raise = `json_extract('{}', 'the log ends at ' || ${end} || ', entry ${first} ${GAP}')`
    const columns = COLUMNS.map((column) => `value ->> '${column}'`).join()
    const isNext = `CASE WHEN ${end} >= ${first - 1} THEN 1 ELSE ${raise} END`
    const text = `INSERT INTO ${table} (${COLUMNS.join()}) SELECT ${columns} FROM json_each(?) WHERE ${isNext}`
    return { text, values: [JSON.stringify(chunk)] }
  }

  const log: D1Log = {
    async head() {
      const found = await rowsIfExists(statements.head)
      if (found === null) return null
      const [genesis, last = genesis] = found.map(entryOf)
      if (genesis?.serial === 0 && last) return { genesis, last }
      throw new MigrationError('MIG_R0221', `The log table ${table} has no first entry.`, {
        next: `restore ${table} from a backup; nothing was changed`,
      })
    },
    async *read(after) {
      let page: readonly Row[] = []
      do {
        const last = Number(page.at(-1)?.['serial'] ?? after)
        page = (await rowsIfExists(`${statements.read(last)} LIMIT ${PAGE}`)) ?? []
        yield* page.map(entryOf)
      } while (page.length === PAGE)
    },
    append: (entries) => log.commit(entries, []),
    async commit(entries, queries) {
      const create = entries[0]?.serial === 0 ? statements.create.map((text): D1Query => ({ text, values: [] })) : []
      const batch = [...create, ...chunksOf(entries.map(rowOf)).map(insertion), ...queries]
      try {
        await database.batch(batch.map((query) => prepared(database, query)))
        return 'appended'
      } catch (cause) {
        const reason = reasonOf(cause)
        // Of the serial, or of the index where the same entry is there: SQLite names the first that it meets.
        const isThere = reason.includes(`UNIQUE constraint failed: ${table}.`)
        if (isThere && (await log.attemptAt(entries[0]?.serial ?? 0))) return 'taken'
        if (reason.includes(GAP)) throw new MigrationError('MIG_R0221', reason, { cause })
        throw cause
      }
    },
    async attemptAt(serial) {
      const [row] = await rows(`SELECT attempt FROM ${table} WHERE serial = ${serial}`)
      return row && String(row['attempt'])
    },
  }
  return log
}

/** In order, none too large for one value. */
function chunksOf(rows: readonly EntryRow[]): readonly (readonly EntryRow[])[] {
  const chunks: EntryRow[][] = []
  let size = CHUNK
  for (const row of rows) {
    const { length } = JSON.stringify(row)
    if (size + length > CHUNK) {
      chunks.push([])
      size = 0
    }
    chunks.at(-1)?.push(row)
    size += length
  }
  return chunks
}
