import type { Final, Log } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { entryOf } from '../sql-log/entry-row.ts'
import { type LogStatements, logStatements } from '../sql-log/statements.ts'
import { beginImmediate } from './begin.ts'
import type { SqliteConnection, SqliteValue } from './connection.ts'
import type { KnownSettings } from './settings.ts'

const COLUMNS = ['serial', 'kind', 'id', 'target', 'generation', 'hash', 'attempt', 'at', 'done', 'rest'] as const

/** What completes the entry of a serial. */
type Completed = Final & Pick<Entry, 'serial'>

export interface SqliteLog extends Log {
  /** Inside a transaction. `taken` when the log has that serial. @throws MigrationError `MIG_R0221` when it has fewer */
  insert(entries: readonly Entry[]): 'inserted' | 'taken'
  /** Inside a transaction: completes the entry that it inserted. */
  complete(entry: Completed): void
}

/** The log of one SQLite database, in `table`. */
export function sqliteLog(connection: SqliteConnection, table: string, settings: KnownSettings): SqliteLog {
  const statements = logStatements(table)
  const before = `SELECT serial FROM ${table} WHERE serial = ?`
  const insertion = `INSERT INTO ${table} (${COLUMNS.join()}) VALUES (${COLUMNS.map(() => '?').join()}) ON CONFLICT (serial) DO NOTHING`
  const completion = `UPDATE ${table} SET done = 1, rest = ? WHERE serial = ?`
  /** Inserted here last. Where that was rolled back, its own serial comes again. */
  let known = -1
  const insert: SqliteLog['insert'] = (entries) => {
    const first = entries[0]?.serial ?? 0
    const isNext = first === 0 || first === known + 1
    // What changes the schema makes SQLite prepare these again: the end of the log takes longer to prepare than a place.
    if (!isNext && connection.often(before, [first - 1]) === 0) return refusal(connection, statements, first)
    const isInserted = entries.every((entry) => connection.often(insertion, valuesOf(entry)) === 1)
    known = isInserted ? first + entries.length - 1 : known
    return isInserted ? 'inserted' : 'taken'
  }
  return {
    head: async () => {
      settings.forget()
      return head(connection, table, statements)
    },
    async *read(after) {
      if (!exists(connection, table)) return
      for (const row of connection.all(statements.read(after), [])) yield entryOf(row)
    },
    async append(entries) {
      beginImmediate(connection, settings.get())
      try {
        if (entries[0]?.serial === 0) for (const statement of statements.create) connection.script(statement)
        const answer = insert(entries)
        connection.script(answer === 'taken' ? 'ROLLBACK' : 'COMMIT')
        return answer === 'taken' ? 'taken' : 'appended'
      } catch (error) {
        if (connection.inTransaction) connection.script('ROLLBACK')
        throw error
      }
    },
    insert,
    complete(entry) {
      connection.often(completion, [restOf(entry), entry.serial])
    },
  }
}

function head(
  connection: SqliteConnection,
  table: string,
  statements: LogStatements,
): Awaited<ReturnType<Log['head']>> {
  const rows = rowsIfExists(connection, table, statements.head)
  if (rows === null) return null
  const [genesis, last = genesis] = rows.map(entryOf)
  if (genesis?.serial === 0 && last) return { genesis, last }
  throw new MigrationError('MIG_R0221', `The log table ${table} has no first entry.`, {
    next: `restore ${table} from a backup; nothing was changed`,
  })
}

/** The catalogue is asked only after a failure, so that a boot is one query; and again, when the table came meanwhile. */
function rowsIfExists(
  connection: SqliteConnection,
  table: string,
  query: string,
): ReturnType<SqliteConnection['all']> | null {
  try {
    return connection.all(query, [])
  } catch (error) {
    if (connection.resultOf(error) !== 'SQLITE_ERROR') throw error
    return exists(connection, table) ? connection.all(query, []) : null
  }
}

export function exists(connection: SqliteConnection, table: string): boolean {
  const found = connection.all(`SELECT name FROM sqlite_master WHERE lower(name) = lower(?)`, [table])
  return found.length > 0
}

/** In the order of `COLUMNS`. */
function valuesOf(entry: Entry): readonly SqliteValue[] {
  const { serial, kind, id, target, generation, hash, attempt, at, done } = entry
  return [serial, kind, id, target, generation || null, hash, attempt, at, done ? 1 : 0, restOf(entry)]
}

function restOf({ satisfied, open, targets, data }: Final): string {
  return JSON.stringify({ satisfied, open, targets, data })
}

/** Why an entry has no place at the end of the log. @throws MigrationError `MIG_R0221` where the log ends before it */
function refusal(connection: SqliteConnection, statements: LogStatements, serial: number): 'taken' {
  const end = Number(connection.all(statements.end, [])[0]?.['serial'] ?? -1)
  if (end >= serial) return 'taken'
  throw new MigrationError('MIG_R0221', `The log ends at ${end}, entry ${serial} would leave a gap.`, {
    next: 'restore the log; nothing was changed',
  })
}
