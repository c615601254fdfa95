import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { type PostgresOptions, postgresAdapter } from './postgres/adapter.ts'
import { withLease } from './postgres/cell.ts'
import type { PostgresConnection, PostgresDatabase, PostgresRows } from './postgres/connection.ts'
import { SETTINGS, restoring } from './postgres/settings.ts'

/** What is used of a `PGlite` of the package @electric-sql/pglite. */
export interface PGliteDatabase {
  exec(text: string): Promise<readonly { readonly rows: readonly unknown[] }[]>
  query(text: string, parameters?: unknown[]): Promise<{ readonly rows: readonly unknown[] }>
}

/**
 * PostgreSQL in this process, by @electric-sql/pglite. A migration runs in one transaction on the database that is
 * given: use it for nothing else until `migrate` has resolved, since whatever runs on it meanwhile runs inside.
 *
 * @throws MigrationError `MIG_R0102` when `table` or `schema` is not a plain identifier
 * @example
 * adapters: { db: pglite(new PGlite('./data')) }
 */
export const pglite: (database: PGliteDatabase, options?: PostgresOptions) => Adapter<'sql'> = defineAdapter(
  (database: PGliteDatabase, options: PostgresOptions = {}): Adapter<'sql'> =>
    withLease({
      ...postgresAdapter('pglite', database, databaseOf(database), options),
      state: { cas: 'single-node', durability: 'sync' },
    }),
)

export default pglite
export type { PostgresOptions }

function databaseOf(database: PGliteDatabase): PostgresDatabase {
  const script: PostgresConnection['script'] = async (text, parameters) => {
    const results = parameters ? [await database.query(text, [...parameters])] : await database.exec(text)
    return results.map(({ rows }) => rows as PostgresRows)
  }
  return {
    script,
    async connect() {
      const [[remembered] = []] = await script(SETTINGS)
      return {
        raw: database,
        script,
        async release(session) {
          // There is only this one session, and the application's own settings are in it.
          if (session === 'changed') await script(restoring(String(remembered?.['settings'])))
        },
      }
    },
  }
}
