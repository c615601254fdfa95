import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import type { Entry } from '../runtime/entry.ts'
import { MigrationError } from '../runtime/errors.ts'
import { singleBatch } from '../runtime/traits/batches.ts'
import { beginBatch } from './d1/batch.ts'
import { d1Cell } from './d1/cell.ts'
import type { D1Database } from './d1/database.ts'
import { classOf } from './d1/error-class.ts'
import { d1Log } from './d1/log.ts'
import { tableName } from './sql-log/table.ts'

export interface D1Options {
  /** The log's table. @default 'unplugin_migrations' */
  readonly table?: string
  /**
   * Most statements that one migration may have, its log entry included. D1 limits the queries of one invocation of a Worker: 1000, and 50 on the
   * free plan (developers.cloudflare.com/d1/platform/limits). @default 1000
   */
  readonly maxStatements?: number
}

/**
 * A database of Cloudflare D1, through the binding of a Worker. D1 has no transactions that stay open, but a batch of
 * statements is one: a migration reads first (`rows`), and what it writes (`run`, `script`) is collected and sent as one
 * batch, behind its log entry, when `up` has returned. So a migration takes effect exactly once; what it read may have
 * been changed by others before the batch. `verify` comes after it: it reads what is committed, and where it fails the
 * migration stays applied (`MIG_R0243`). `raw` is the binding: what is done through it is outside of the batch.
 *
 * Give it the binding itself, which reads from the primary, and never a session of it, which may read from a replica.
 *
 * Foreign keys are enforced at once, as always on D1; `pragma defer_foreign_keys = on` at the head of a script has them
 * checked when the batch ends.
 *
 * @throws MigrationError `MIG_R0102` when `table` is not a plain identifier, `MIG_R0110` when it is given a session
 * @example
 * adapters: { db: d1(env.DB) }
 */
export const d1: (database: D1Database, options?: D1Options) => Adapter<'sql'> = defineAdapter(
  (database: D1Database, { table, maxStatements = 1000 }: D1Options = {}): Adapter<'sql'> => {
    if ('getBookmark' in database)
      throw new MigrationError(
        'MIG_R0110',
        'A session of D1 may read from a replica, which may lack the newest entries.',
        {
          next: 'give the binding itself: d1(env.DB)',
        },
      )
    const own = tableName(table)
    const log = d1Log(database, own)
    return {
      name: 'd1',
      kinds: ['sql'],
      dialect: 'sqlite',
      capabilities: { atomic: 'batch' },
      strategy: singleBatch,
      state: { cas: 'linearizable', durability: 'sync' },
      // A new one whenever it is asked for, so that nobody queues: no transaction is open that others could get into. And
      // an invocation of a Worker that is cancelled settles no promise, so that all after it would wait for ever.
      get client() {
        return {}
      },
      log,
      lease: d1Cell(database, own),
      open: async () => ({
        begin: async (entry: Entry) => beginBatch(database, log, entry, maxStatements),
        close: async () => {},
      }),
      classify: classOf,
    }
  },
)

export default d1
export type { D1Database }
