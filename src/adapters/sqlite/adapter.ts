import type { Adapter, ErrorClass } from '../../runtime/adapter.ts'
import { scriptRunner } from '../../runtime/scripts/strategy.ts'
import { several } from '../../runtime/several/storages.ts'
import { strategy } from '../../runtime/strategies.ts'
import { tableName } from '../sql-log/table.ts'
import { sqliteCell } from './cell.ts'
import type { SqliteConnection } from './connection.ts'
import { sqliteLog } from './log.ts'
import { sqliteScripts } from './scripts.ts'
import { KnownSettings, isDurable } from './settings.ts'
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
  const settings = new KnownSettings(connection)
  const table = tableName(options.table)
  const log = sqliteLog(connection, table, settings)
  return {
    name,
    kinds: ['sql'],
    dialect: 'sqlite',
    capabilities: { atomic: 'interactive', unrecorded: true },
    strategy: strategy({ several, scripts: scriptRunner(() => undefined) }),
    state: {
      cas: 'single-node',
      // Of the connection as the application has set it up. Asked for by `status` alone: a boot is one query.
      get durability() {
        return isDurable(connection) ? 'sync' : 'lazy'
      },
    },
    client: connection.raw,
    log,
    scripts: sqliteScripts(connection, log, settings),
    lease: sqliteCell(connection, table, settings),
    open: async () => ({
      begin: async (entry) => beginUnit(connection, log, settings.get(), entry),
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
