import type { Log } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { entryOf, rowOf } from '../sql-log/entry-row.ts'
import { type LogStatements, logStatements } from '../sql-log/statements.ts'
import { type SqliteConnection, beginImmediate } from './connection.ts'

const COLUMNS = ['serial', 'kind', 'id', 'target', 'generation', 'hash', 'attempt', 'at', 'done', 'rest'] as const

export interface SqliteLog extends Log {
  /** Inside a transaction. `taken` when the log has that serial. @throws MigrationError `MIG_R0221` when it has fewer */
  insert(entries: readonly Entry[]): 'inserted' | 'taken'
  /** Inside a transaction: completes the entry that it inserted. */
  complete(entry: Entry): void
}

/** The log of one SQLite database, in `table`. */
export function sqliteLog(connection: SqliteConnection, table: string): SqliteLog {
  const statements = logStatements(table, `${table}_generation`)
  return {
    head: async () => head(connection, table, statements),
    async *read(after) {
      if (!exists(connection, table)) return
      for (const row of connection.all(statements.read(after), [])) yield entryOf(row)
    },
    async append(entries) {
      beginImmediate(connection)
      try {
        if (entries[0]?.serial === 0) for (const statement of statements.create) connection.script(statement)
        const answer = insert(connection, table, statements, entries)
        connection.script(answer === 'taken' ? 'ROLLBACK' : 'COMMIT')
        return answer === 'taken' ? 'taken' : 'appended'
      } catch (error) {
        if (connection.inTransaction) connection.script('ROLLBACK')
        throw error
      }
    },
    insert: (entries) => insert(connection, table, statements, entries),
    complete(entry) {
      connection.all(statements.complete('?', entry.serial), [rowOf(entry).rest])
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

function exists(connection: SqliteConnection, table: string): boolean {
  const found = connection.all(`SELECT name FROM sqlite_master WHERE lower(name) = lower(?)`, [table])
  return found.length > 0
}

function insert(
  connection: SqliteConnection,
  table: string,
  statements: LogStatements,
  entries: readonly Entry[],
): 'inserted' | 'taken' {
  const first = entries[0]
  if (!first) return 'inserted'
  const end = Number(connection.all(statements.end, [])[0]?.['serial'] ?? -1)
  if (end >= first.serial) return 'taken'
  if (end < first.serial - 1) {
    throw new MigrationError('MIG_R0221', `The log ends at ${end}, entry ${first.serial} would leave a gap.`, {
      next: 'restore the log; nothing was changed',
    })
  }
  const insertion = `INSERT INTO ${table} (${COLUMNS.join()}) VALUES (${COLUMNS.map(() => '?').join()})`
  for (const row of entries.map(rowOf))
    connection.all(
      insertion,
      COLUMNS.map((column) => row[column]),
    )
  return 'inserted'
}
