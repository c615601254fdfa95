import type { Adapter } from '../../runtime/adapter.ts'
import { tableName } from '../sql-log/table.ts'
import type { PostgresDatabase } from './connection.ts'
import { postgresLog } from './log.ts'
import { postgresSession } from './session.ts'
import { classOf } from './sql-state.ts'

export interface PostgresOptions {
  /** The log's table. @default 'unplugin_migrations' */
  readonly table?: string
  /** The schema of that table; it must exist. @default 'public' */
  readonly schema?: string
}

/** @throws MigrationError `MIG_R0102` when `table` or `schema` is not a plain identifier */
export function postgresAdapter(
  name: string,
  client: object,
  database: PostgresDatabase,
  { table, schema = 'public' }: PostgresOptions,
): Adapter<'sql'> {
  const log = postgresLog(database, tableName(schema), tableName(table))
  return {
    name,
    kinds: ['sql'],
    dialect: 'postgres',
    capabilities: { atomic: 'interactive' },
    state: { cas: 'linearizable', durability: 'sync' },
    client,
    log,
    open: async () => postgresSession(database, log),
    classify: classOf,
  }
}
