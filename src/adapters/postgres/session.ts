import type { Session } from '../../runtime/adapter.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { PostgresConnection, PostgresDatabase } from './connection.ts'
import { postgresHandle } from './handle.ts'
import { LIMITS } from './limits.ts'
import type { PostgresLog } from './log.ts'
import { stateOf } from './sql-state.ts'

export const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED'
const MARK = 'SAVEPOINT unplugin_migrations'
/** No such savepoint, or no transaction at all. */
export const ESCAPED: readonly string[] = ['3B001', '25P01']
/** What SET without LOCAL leaves behind, as every file of pg_dump does: `search_path` is empty after it. */
const SETTINGS = `SELECT concat(current_user, session_user, string_agg(name || setting, ' ' ORDER BY name)) FROM pg_settings WHERE source = 'session' AND name !~ '^transaction'`

/** Units of work on one connection: a message to begin each, its own statements, and a message to end it. */
export function postgresSession(database: PostgresDatabase, log: PostgresLog): Session<'sql'> {
  let connection: PostgresConnection | undefined
  let before: unknown
  let isChanged = true
  return {
    async begin(entry) {
      const held = (connection ??= await database.connect())
      const end = async (message: string): Promise<void> => {
        isChanged = true
        const results = await held.script(`${message};${SETTINGS}`)
        isChanged = results.at(-1)?.[0]?.['concat'] !== before
      }
      const rollback = (): Promise<void> => end('ROLLBACK')
      const answer = await log
        .insert(entry ? [entry] : [], async (insertion) => {
          const message = `${BEGIN};${SETTINGS};${insertion};${LIMITS};${MARK}`
          const results = await held.script(message)
          before = results[1]?.[0]?.['concat']
          return results
        })
        .catch(async (error: unknown) => {
          // Where the connection is gone, this was why.
          await rollback().catch(() => {})
          throw error
        })
      if (answer === 'taken') {
        await rollback()
        return answer
      }
      return {
        handle: () => postgresHandle(held),
        commit: (final) =>
          // Without an entry the savepoint again: some statement that changes nothing.
          end(`RELEASE ${MARK};${entry ? log.complete({ ...entry, ...final }) : MARK};COMMIT`).catch(
            (cause: unknown) => {
              // A migration that ended the transaction, or ended it and began another, took the savepoint with it. Never an
              // error of class `retry`: the transaction is gone.
              const code = ESCAPED.includes(stateOf(cause)) ? 'MIG_R0212' : 'MIG_R0201'
              throw new MigrationError(code, `COMMIT: ${reasonOf(cause)}`, { cause })
            },
          ),
        rollback,
      }
    },
    async close() {
      await connection?.release(isChanged ? 'changed' : 'same')
    },
  }
}
