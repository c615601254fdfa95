import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { type SqliteOptions, sqliteAdapter } from './sqlite/adapter.ts'
import type { SqliteConnection, SqliteResult } from './sqlite/connection.ts'

/** What is used of a better-sqlite3 `Database`. */
export interface BetterSqlite3Database {
  readonly inTransaction: boolean
  exec(text: string): unknown
  prepare(text: string): {
    readonly reader: boolean
    all(...parameters: readonly unknown[]): readonly unknown[]
    run(...parameters: readonly unknown[]): { readonly changes: number }
  }
}

export type BetterSqlite3Options = SqliteOptions

/**
 * A database of better-sqlite3. A migration runs in one transaction on the client that is given: use the client for
 * nothing else until `migrate` has resolved, since whatever runs on it meanwhile runs inside the transaction.
 *
 * @throws MigrationError `MIG_R0102` when `table` is not a plain identifier
 * @example
 * adapters: { db: betterSqlite3(new Database('app.db')) }
 */
export const betterSqlite3: (database: BetterSqlite3Database, options?: BetterSqlite3Options) => Adapter<'sql'> =
  defineAdapter((database: BetterSqlite3Database, options: BetterSqlite3Options = {}): Adapter<'sql'> =>
    sqliteAdapter('better-sqlite3', connectionOf(database), options),
  )

export default betterSqlite3

function connectionOf(database: BetterSqlite3Database): SqliteConnection {
  const kept = new Map<string, ReturnType<BetterSqlite3Database['prepare']>>()
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
    often(text, parameters) {
      const statement = kept.get(text) ?? database.prepare(text)
      kept.set(text, statement)
      return statement.reader ? statement.all(...parameters).length : statement.run(...parameters).changes
    },
    resultOf,
  }
}

const RESULTS: readonly SqliteResult[] = ['SQLITE_ERROR', 'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_READONLY']

/** The driver gives the extended result code by name, e.g. `SQLITE_BUSY_SNAPSHOT`: the primary one and what is special. */
function resultOf(error: unknown): SqliteResult | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null
  const { code } = error
  return RESULTS.find((result) => code === result || code.startsWith(`${result}_`)) ?? null
}
