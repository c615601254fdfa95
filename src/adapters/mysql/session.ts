import type { Session } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { rowOf } from '../sql-log/entry-row.ts'
import type { MysqlDatabase } from './connection.ts'
import { mysqlDirect } from './direct.ts'
import { Busy } from './error-class.ts'
import { literal } from './literal.ts'
import { type Locked, lock } from './lock.ts'
import { mysqlLogStatements } from './log.ts'

/**
 * Seconds that a definition waits for whoever uses its table. While it waits, everybody else waits behind it: better it
 * gives up, lets them pass, and is tried again.
 */
const LIMIT =
  'SET @unplugin_migrations = @@lock_wait_timeout, SESSION lock_wait_timeout = LEAST(@@lock_wait_timeout, 3)'
const UNLIMIT = 'SET SESSION lock_wait_timeout = @unplugin_migrations, @unplugin_migrations = NULL'

/** @param name of the log's table */
export function mysqlSession(database: MysqlDatabase, name: string): Session<'sql'> {
  let held: Locked | undefined
  let isLocked = false
  let isLimited = false
  let state: 'same' | 'changed' = 'same'
  const changed = (): void => {
    state = 'changed'
  }
  const giveBack = (): void => {
    held?.connection.release(state)
    held = undefined
    isLimited = false
    state = 'same'
  }
  const session: Required<Pick<Session<'sql'>, 'begin' | 'tryLock' | 'unlock' | 'direct' | 'close'>> = {
    async tryLock() {
      if (isLocked) return true
      giveBack()
      held = await lock(database, name)
      isLocked = held !== undefined
      if (held?.isChanged) changed()
      return isLocked
    },
    direct() {
      if (!held) throw new TypeError('direct() is for whoever holds the lock')
      const { connection } = held
      const direct = mysqlDirect(held, changed)
      return {
        ...direct,
        async begin() {
          if (!isLimited) await connection.query(LIMIT)
          isLimited = true
          await direct.begin()
        },
      }
    },
    /** For data alone: definitions commit by themselves, and what takes part in the transaction would stay behind. */
    async begin(entry: Entry) {
      if (!(await session.tryLock()) || !held) throw new Busy('locked')
      const { table, connection } = held
      const direct = session.direct()
      await direct.begin()
      // In the transaction, which its mark shows to be the same at the end.
      const answer = await direct.append([entry]).catch(async (error: unknown) => {
        // Whoever gets the connection next would be inside of it.
        await direct.rollback().catch(changed)
        throw error
      })
      if (answer === 'taken') {
        await direct.rollback()
        return 'taken'
      }
      return {
        handle: (kind) =>
          direct.handle(
            kind,
            async ({ effect, shown }, execute) => {
              if (effect === 'alone') throw new MigrationError('MIG_R0273', shown)
              await execute()
            },
            () => {},
          ),
        async commit(final) {
          const rest = literal(rowOf({ ...entry, ...final }).rest)
          await connection.query(mysqlLogStatements(table).complete(rest, entry.serial))
          await direct.commit([])
        },
        rollback: () => direct.rollback(),
      }
    },
    async unlock() {
      isLocked = false
      const before = state
      // Until it is known to be freed: whoever gets the connection next would hold the lock.
      changed()
      if (isLimited && before === 'same') await held?.connection.query(UNLIMIT)
      const isFreed = (await held?.unlock()) === true
      if (isFreed) state = before
      return isFreed
    },
    async close() {
      try {
        if (isLocked) await session.unlock()
      } catch {
        // A connection that is gone has freed it.
        changed()
      } finally {
        giveBack()
      }
    },
  }
  return session
}
