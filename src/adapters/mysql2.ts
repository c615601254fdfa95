import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { type MysqlOptions, mysqlAdapter } from './mysql/adapter.ts'
import type { MysqlDatabase, MysqlRows } from './mysql/connection.ts'

/** What is used of a pool of the package mysql2, by its `mysql2/promise`. */
export interface Mysql2Pool {
  getConnection(): Promise<Mysql2Connection>
  query(query: Mysql2Query): Promise<Mysql2Answer>
}

export interface Mysql2Connection {
  query(query: Mysql2Query | string): Promise<Mysql2Answer>
  release(): void
  destroy(): void
}

export interface Mysql2Query {
  readonly sql: string
  readonly rowsAsArray?: boolean
  readonly nestTables?: boolean
  readonly typeCast?: boolean
}

export type Mysql2Answer = readonly [unknown, ...(readonly unknown[])]

/**
 * A MySQL or MariaDB database through a pool of `mysql2/promise`. Definitions commit by themselves there, so migrations run
 * statement by statement with a journal in the log; statements that only change data run in one transaction, up to the
 * next definition. After a crash the next run goes on behind the last statement that is known to be done. Tables whose
 * data migrations change have to be InnoDB's.
 *
 * @throws MigrationError `MIG_R0102` when `table` is not a plain identifier
 * @example
 * adapters: { db: mysql2(createPool(process.env.DATABASE_URL)) }
 */
export const mysql2: (pool: Mysql2Pool, options?: MysqlOptions) => Adapter<'sql'> = defineAdapter(
  (pool: Mysql2Pool, options: MysqlOptions = {}): Adapter<'sql'> =>
    mysqlAdapter('mysql2', pool, databaseOf(pool), options),
)

export default mysql2
export type { MysqlOptions }

function databaseOf(pool: Mysql2Pool): MysqlDatabase {
  return {
    query: async (text) => rowsOf(await pool.query(plain(text))),
    async connect() {
      const connection = await pool.getConnection()
      return {
        raw: connection,
        query: async (text) => rowsOf(await connection.query(plain(text))),
        rows: async (text) => (await connection.query(text))[0],
        release: (session) => (session === 'changed' ? connection.destroy() : connection.release()),
      }
    },
  }
}

/** Whatever the application has its pool do with rows. */
function plain(sql: string): Mysql2Query {
  return { sql, rowsAsArray: false, nestTables: false, typeCast: true }
}

/** The driver answers a list of rows, or what a statement without rows has done. */
function rowsOf([answer]: Mysql2Answer): MysqlRows {
  return Array.isArray(answer) ? answer : []
}
