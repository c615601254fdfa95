import type { Adapter, ErrorClass } from '../../runtime/adapter.ts'
import { tableName } from '../sql-log/table.ts'
import type { SqliteConnection } from './connection.ts'
import { sqliteLog } from './log.ts'
import { beginUnit } from './transaction.ts'

export interface SqliteOptions {
  /** The log's table. @default 'unplugin_migrations' */
  readonly table?: string
}

/**
 * The adapter over one connection, whatever the driver.
 *
 * @throws MigrationError `MIG_R0102` when `table` is not a plain identifier
 */
export function sqliteAdapter(name: string, connection: SqliteConnection, options: SqliteOptions): Adapter<'sql'> {
  const log = sqliteLog(connection, tableName(options.table))
  return {
    name,
    kinds: ['sql'],
    dialect: 'sqlite',
    capabilities: { atomic: 'interactive' },
    state: { cas: 'single-node', durability: 'sync' },
    client: connection.raw,
    log,
    open: async () => ({
      begin: async (entry) => beginUnit(connection, log, entry),
      close: async () => {},
    }),
    classify: (error) => classOf(connection, error),
  }
}

function classOf(connection: SqliteConnection, error: unknown): ErrorClass {
  const result = connection.resultOf(error)
  if (result === 'SQLITE_BUSY' || result === 'SQLITE_LOCKED') return 'retry'
  return result === 'SQLITE_READONLY' ? 'read-only' : 'fatal'
}
