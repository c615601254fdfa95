import type { Adapter, Log } from '../../runtime/adapter.ts'
import { statementAtATime } from '../../runtime/statements/strategy.ts'
import { tableName } from '../sql-log/table.ts'
import { mysqlCell } from './cell.ts'
import type { MysqlDatabase } from './connection.ts'
import { Busy, classOf } from './error-class.ts'
import { entriesOf, mysqlLogStatements } from './log.ts'
import { mysqlSession } from './session.ts'

export interface MysqlOptions {
  /** The log's table, in the database that the connection is in. @default 'unplugin_migrations' */
  readonly table?: string
}

/** @throws MigrationError `MIG_R0102` when `table` is not a plain identifier */
export function mysqlAdapter(
  name: string,
  client: object,
  database: MysqlDatabase,
  options: MysqlOptions,
): Adapter<'sql'> {
  const table = tableName(options.table)
  const statements = mysqlLogStatements(table)
  const log: Log = {
    async head() {
      const [genesis, last = genesis] = await entriesOf(database, statements.head)
      return genesis && last ? { genesis, last } : null
    },
    async *read(after) {
      yield* await entriesOf(database, statements.read(after))
    },
    async append(entries) {
      const session = mysqlSession(database, table)
      try {
        // Whoever runs migrations here finds the log as it was read.
        if (!(await session.tryLock?.())) throw new Busy('locked')
        return (await session.direct?.().append(entries)) ?? 'taken'
      } finally {
        await session.close()
      }
    },
  }
  return {
    name,
    kinds: ['sql'],
    dialect: 'mysql',
    capabilities: { atomic: 'statement' },
    strategy: statementAtATime,
    state: { cas: 'linearizable', durability: 'sync' },
    client,
    log,
    lease: mysqlCell(database, table),
    open: async () => mysqlSession(database, table),
    classify: classOf,
  }
}
