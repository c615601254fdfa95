import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { severalStorages } from '../runtime/several/storages.ts'
import { type PostgresOptions, postgresAdapter } from './postgres/adapter.ts'
import { withLease } from './postgres/cell.ts'
import type { PostgresConnection, PostgresDatabase, PostgresRows } from './postgres/connection.ts'

/** What is used of a `Pool` of the package pg. */
export interface PgPool {
  connect(): Promise<PgClient>
}

export interface PgClient {
  query(text: string, values?: readonly unknown[]): Promise<unknown>
  release(destroy?: boolean): void
  on(event: 'error', listener: (error: Error) => void): unknown
  off(event: 'error', listener: (error: Error) => void): unknown
}

/**
 * A PostgreSQL database through a `Pool` of the package pg. A migration runs in one transaction on a connection of its
 * own; with nothing to do, a boot is one query on any connection.
 *
 * @throws MigrationError `MIG_R0102` when `table` or `schema` is not a plain identifier
 * @example
 * adapters: { db: pg(new Pool({ connectionString: process.env.DATABASE_URL })) }
 */
export const pg: (pool: PgPool, options?: PostgresOptions) => Adapter<'sql'> = defineAdapter(
  (pool: PgPool, options: PostgresOptions = {}): Adapter<'sql'> =>
    postgresAdapter('pg', pool, databaseOf(pool), options),
)

/**
 * The same for a database that is nothing but a state store: what other storages went through is recorded there.
 *
 * @example
 * adapters: { db: pg(pool) }, state: pgState(otherPool)
 */
export const pgState: typeof pg = (pool, options) => withLease({ ...pg(pool, options), strategy: severalStorages })

export default pg
export type { PostgresOptions }

function databaseOf(pool: PgPool): PostgresDatabase {
  const connect = async (): Promise<PostgresConnection> => {
    const client = await pool.connect()
    client.on('error', ignore)
    return {
      raw: client,
      // The driver answers one result, or a list where a message had several statements.
      script: async (text, parameters) =>
        [await client.query(text, parameters)].flat().map((result) => (result as { readonly rows: PostgresRows }).rows),
      async release(session) {
        client.off('error', ignore)
        client.release(session === 'changed')
      },
    }
  }
  return {
    connect,
    // The pool's own `query` ends a connection for any error, and that the log does not exist yet is one.
    async script(text) {
      const connection = await connect()
      try {
        return await connection.script(text)
      } finally {
        await connection.release('same')
      }
    },
  }
}

/** A lost connection fails the query that is under way or the next one; without a listener it would end the process. */
function ignore(): void {}
