import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { type PostgresOptions, postgresAdapter } from './postgres/adapter.ts'
import type { PostgresDatabase, PostgresRows } from './postgres/connection.ts'

/** What is used of a `Pool` of the package pg. */
export interface PgPool {
  connect(): Promise<PgClient>
  query(text: string): Promise<unknown>
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

export default pg
export type { PostgresOptions }

function databaseOf(pool: PgPool): PostgresDatabase {
  return {
    script: async (text) => rowsOf(await pool.query(text)),
    async connect() {
      const client = await pool.connect()
      client.on('error', ignore)
      return {
        raw: client,
        script: async (text) => rowsOf(await client.query(text)),
        query: async (text, parameters) => rowsOf(await client.query(text, parameters))[0] ?? [],
        async release(session) {
          client.off('error', ignore)
          client.release(session === 'changed')
        },
      }
    },
  }
}

/** A lost connection fails the query that is under way or the next one; without a listener it would end the process. */
function ignore(): void {}

/** The driver answers one result, or a list where a message had several statements. */
function rowsOf(answer: unknown): readonly PostgresRows[] {
  return [answer].flat().map((result) => (result as { readonly rows: PostgresRows }).rows)
}
