import type { Adapter, Direct, Session } from '../../../runtime/adapter.ts'
import type { Entry } from '../../../runtime/entry.ts'
import { MigrationError } from '../../../runtime/errors.ts'
import { entryOf } from '../../sql-log/entry-row.ts'
import { logStatements } from '../../sql-log/statements.ts'
import type { PostgresAdapter } from '../adapter.ts'
import type { PostgresConnection } from '../connection.ts'
import { LIMITS } from '../limits.ts'
import type { PostgresLog } from '../log.ts'
import { BEGIN, ESCAPED } from '../session.ts'
import { stateOf } from '../sql-state.ts'
import { directHandle } from './handle.ts'
import { type Held, LOST, ownBackend, tryLock, unlock } from './lock.ts'

const MARK = 'SAVEPOINT unplugin_migrations'

/** One connection, nobody else's from the first call to the last, and ended by `close`: its settings are its own. */
export async function directSession(adapter: Adapter): Promise<Session<'sql'>> {
  const { database, log } = adapter as PostgresAdapter
  const connection = await database.connect()
  let held: Held | undefined
  let pid: number | undefined
  return {
    async tryLock() {
      pid ??= await ownBackend(connection, database)
      held ??= await tryLock(connection, log.table, pid)
      return held !== undefined
    },
    async unlock() {
      const freed = held !== undefined && (await unlock(held))
      held = undefined
      return freed
    },
    direct() {
      if (!held) throw new TypeError('direct() is for whoever holds the lock')
      return directOf(connection, log, held)
    },
    async close() {
      // PGlite has no other session: what is not freed would stay.
      if (held) await unlock(held).catch(() => {})
      await connection.release('changed')
    },
  }
}

function directOf(connection: PostgresConnection, log: PostgresLog, { guard }: Held): Direct<'sql'> {
  const guarded = async (message: string): ReturnType<PostgresConnection['script']> => {
    try {
      return await connection.script(`${guard};${message}`)
    } catch (error) {
      if (stateOf(error) === LOST)
        throw new MigrationError('MIG_R0271', 'not the connection with the lock', { cause: error })
      throw error
    }
  }
  const append = (entries: readonly Entry[]): Promise<'appended' | 'taken'> => log.insert(entries, guarded)
  return {
    handle: (_, perform, touched) => directHandle(connection, perform, touched),
    async *read(after) {
      yield* (await guarded(logStatements(log.table).read(after))).slice(1).flat().map(entryOf)
    },
    append,
    async begin() {
      await connection.script(`${BEGIN};${LIMITS};${MARK}`)
    },
    async commit(entries) {
      await connection.script(`RELEASE ${MARK}`).catch((cause: unknown) => {
        if (!ESCAPED.includes(stateOf(cause))) throw cause
        throw new MigrationError('MIG_R0212', 'the transaction was ended', { cause })
      })
      const answer = entries.length === 0 ? 'appended' : await append(entries)
      await connection.script(answer === 'taken' ? 'ROLLBACK' : 'COMMIT')
      return answer
    },
    async rollback() {
      await connection.script('ROLLBACK')
    },
    // With a severity it comes from the server; a fatal one has ended the connection, and what ran may have begun.
    isAnswer: (error) => ['ERROR'].includes(String(Object(error).severity)),
  }
}
