import type { Adapter } from '../../runtime/adapter.ts'
import type { Limits } from '../../runtime/deadline.ts'
import { tableName } from '../sql-log/table.ts'
import type { PostgresDatabase } from './connection.ts'
import { type PostgresLog, postgresLog } from './log.ts'
import { postgresSession } from './session.ts'
import { classOf } from './sql-state.ts'

export interface PostgresOptions {
  /** The log's table. @default 'unplugin_migrations' */
  readonly table?: string
  /** The schema of that table; it must exist. @default 'public' */
  readonly schema?: string
}

/** What more of PostgreSQL is built on, where a manifest asks for it. */
export interface PostgresAdapter extends Adapter<'sql'> {
  readonly database: PostgresDatabase
  readonly log: PostgresLog
  /** Where it has a deadline. */
  readonly limits?: Limits
}

export function isPostgres(adapter: Adapter): adapter is PostgresAdapter {
  return adapter.dialect === 'postgres' && 'database' in adapter
}

/** @throws MigrationError `MIG_R0102` when `table` or `schema` is not a plain identifier */
export function postgresAdapter(
  name: string,
  client: object,
  database: PostgresDatabase,
  { table, schema = 'public' }: PostgresOptions,
): PostgresAdapter {
  const log = postgresLog(database, tableName(schema), tableName(table))
  return {
    name,
    kinds: ['sql'],
    dialect: 'postgres',
    capabilities: { atomic: 'interactive', unrecorded: true },
    state: { cas: 'linearizable', durability: 'sync' },
    client,
    database,
    log,
    open: async () => postgresSession(database, log),
    classify: classOf,
  }
}
