import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { tableName } from './sql-log/table.ts'
import { type SqliteConnection, codeOf } from './sqlite/connection.ts'
import { sqliteLog } from './sqlite/log.ts'
import { beginUnit } from './sqlite/transaction.ts'

/** What is used of a better-sqlite3 `Database`. */
export interface BetterSqlite3Database {
  readonly inTransaction: boolean
  exec(text: string): unknown
  prepare(text: string): {
    readonly reader: boolean
    all(...parameters: readonly unknown[]): readonly unknown[]
    run(...parameters: readonly unknown[]): unknown
  }
}

export interface BetterSqlite3Options {
  /** The log's table. @default 'unplugin_migrations' */
  readonly table?: string
}

/**
 * A database of better-sqlite3. A migration runs in one transaction on the client that is given: use the client for
 * nothing else until `migrate` has resolved, since whatever runs on it meanwhile runs inside the transaction.
 *
 * @throws MigrationError `MIG_R0102` when `table` is not a plain identifier
 * @example
 * adapters: { db: betterSqlite3(new Database('app.db')) }
 */
export const betterSqlite3: (database: BetterSqlite3Database, options?: BetterSqlite3Options) => Adapter<'sql'> =
  defineAdapter((database: BetterSqlite3Database, options: BetterSqlite3Options = {}): Adapter<'sql'> => {
    const connection = connectionOf(database)
    const log = sqliteLog(connection, tableName(options.table))
    return {
      name: 'better-sqlite3',
      kinds: ['sql'],
      dialect: 'sqlite',
      capabilities: { atomic: 'interactive' },
      state: { cas: 'single-node', durability: 'sync' },
      client: database,
      log,
      open: async () => ({
        begin: async (entry) => beginUnit(connection, log, entry),
        close: async () => {},
      }),
      classify(error) {
        const code = codeOf(error)
        if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return 'retry'
        return code.startsWith('SQLITE_READONLY') ? 'read-only' : 'fatal'
      },
    }
  })

export default betterSqlite3

function connectionOf(database: BetterSqlite3Database): SqliteConnection {
  return {
    raw: database,
    get inTransaction() {
      return database.inTransaction
    },
    script: (text) => void database.exec(text),
    all(text, parameters) {
      const statement = database.prepare(text)
      if (statement.reader) return statement.all(...parameters) as readonly Readonly<Record<string, unknown>>[]
      statement.run(...parameters)
      return []
    },
  }
}
