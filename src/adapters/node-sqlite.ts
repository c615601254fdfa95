import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { type SqliteOptions, sqliteAdapter } from './sqlite/adapter.ts'
import type { SqliteConnection, SqliteResult, SqliteValue } from './sqlite/connection.ts'
import { assertWholeStatement } from './sqlite/whole-statement.ts'

/** What is used of a `DatabaseSync` of `node:sqlite`. */
export interface NodeSqliteDatabase {
  /** Since Node 22.16. */
  readonly isTransaction?: boolean
  exec(text: string): unknown
  prepare(text: string): {
    readonly sourceSQL: string
    all(...parameters: readonly SqliteValue[]): readonly unknown[]
    run(...parameters: readonly SqliteValue[]): { readonly changes: number | bigint }
    /** Since Node 22.16. */
    setReturnArrays?(enabled: boolean): unknown
  }
}

export type NodeSqliteOptions = SqliteOptions

/**
 * A database of `node:sqlite`, which Node has without a flag since 22.13. A migration runs in one transaction on the
 * client that is given: use the client for nothing else until `migrate` has resolved, since whatever runs on it
 * meanwhile runs inside the transaction. Rows are objects even where the database is opened with `returnArrays`.
 *
 * @throws MigrationError `MIG_R0102` when `table` is not a plain identifier
 * @example
 * adapters: { db: nodeSqlite(new DatabaseSync('app.db')) }
 */
export const nodeSqlite: (database: NodeSqliteDatabase, options?: NodeSqliteOptions) => Adapter<'sql'> = defineAdapter(
  (database: NodeSqliteDatabase, options: NodeSqliteOptions = {}): Adapter<'sql'> =>
    sqliteAdapter('node-sqlite', connectionOf(database), options),
)

export default nodeSqlite

function connectionOf(database: NodeSqliteDatabase): SqliteConnection {
  const kept = new Map<string, ReturnType<NodeSqliteDatabase['prepare']>>()
  const prepare = (text: string): ReturnType<NodeSqliteDatabase['prepare']> => {
    const statement = database.prepare(text)
    statement.setReturnArrays?.(false)
    return statement
  }
  return {
    raw: database,
    get inTransaction() {
      return database.isTransaction ?? refusesToBegin(database)
    },
    script: (text) => void database.exec(text),
    all(text, parameters) {
      const statement = prepare(text)
      assertWholeStatement(text, statement.sourceSQL, parameters.length)
      return statement.all(...parameters) as readonly Readonly<Record<string, unknown>>[]
    },
    often(text, parameters) {
      const statement = kept.get(text) ?? prepare(text)
      kept.set(text, statement)
      if (text.startsWith('SELECT')) return statement.all(...parameters).length
      return Number(statement.run(...parameters).changes)
    },
    resultOf,
  }
}

/** Where the driver does not say whether a transaction is open, SQLite does. A deferred BEGIN takes no lock. */
function refusesToBegin(database: NodeSqliteDatabase): boolean {
  try {
    database.exec('BEGIN')
  } catch (error) {
    if (resultOf(error) === 'SQLITE_ERROR') return true
    throw error
  }
  database.exec('ROLLBACK')
  return false
}

const RESULTS: ReadonlyMap<number, SqliteResult> = new Map([
  [1, 'SQLITE_ERROR'],
  [5, 'SQLITE_BUSY'],
  [6, 'SQLITE_LOCKED'],
  [8, 'SQLITE_READONLY'],
])

/** The driver gives the extended result code as a number, whose lowest byte is the primary one. */
function resultOf(error: unknown): SqliteResult | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null
  return RESULTS.get(error.errcode & 0xff) ?? null
}
