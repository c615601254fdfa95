import type { PgClient, PgPool } from '../../src/adapters/pg.ts'
import type { Mysql2Connection, Mysql2Pool } from '../../src/adapters/mysql2.ts'

/** As if every log's name had the same hash. */
export function withOnePostgresLock(pool: PgPool): PgPool {
  return {
    async connect() {
      const client = await pool.connect()
      return {
        query: (text, values) => client.query(text.replaceAll(/hashtextextended\('[^']*', 0\)/g, '7::bigint'), values),
        release: (destroy) => client.release(destroy),
        on: (event, listener) => client.on(event, listener),
        off: (event, listener) => client.off(event, listener),
      } satisfies PgClient
    },
  }
}

/** The same of MySQL's locks, which have names. */
export function withOneMysqlLock(pool: Mysql2Pool): Mysql2Pool {
  const forced = (sql: string): string => sql.replaceAll(/CONCAT\('unplugin_migrations:'.*?, 40\)\)/g, "'the same'")
  return {
    query: (query) => pool.query(query),
    async getConnection() {
      const connection = await pool.getConnection()
      return {
        query: (query) =>
          connection.query(typeof query === 'string' ? forced(query) : { ...query, sql: forced(query.sql) }),
        release: () => connection.release(),
        destroy: () => connection.destroy(),
      } satisfies Mysql2Connection
    },
  }
}
