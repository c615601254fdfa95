import type { Session } from '../../runtime/adapter.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { PostgresConnection, PostgresDatabase } from './connection.ts'
import { postgresHandle } from './handle.ts'
import type { PostgresLog } from './log.ts'
import { stateOf } from './sql-state.ts'

const MARK = 'SAVEPOINT unplugin_migrations'
/** No such savepoint, or no transaction at all. */
const ESCAPED = ['3B001', '25P01']
/** What SET without LOCAL leaves behind, as every file of pg_dump does: `search_path` is empty after it. */
const SETTINGS = `SELECT string_agg(name || setting, ' ' ORDER BY name) FROM pg_settings WHERE source = 'session'`

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
        isChanged = results.at(-1)?.[0]?.['string_agg'] !== before
      }
      const rollback = (): Promise<void> => end('ROLLBACK')
      let answer: 'appended' | 'taken' | undefined
      try {
        answer = await log.insert([entry], async (insertion) => {
          const message = `BEGIN ISOLATION LEVEL READ COMMITTED;${SETTINGS};${insertion};${MARK}`
          const results = await held.script(message)
          before = results[1]?.[0]?.['string_agg']
          return results
        })
      } finally {
        if (answer !== 'appended') await rollback()
      }
      if (answer === 'taken') return answer
      return {
        handle: () => postgresHandle(held),
        commit: (final) =>
          end(`RELEASE ${MARK};${log.complete({ ...entry, ...final })};COMMIT`).catch((cause: unknown) => {
            // A migration that ended the transaction, or ended it and began another, took the savepoint with it. Never an
            // error of class `retry`: the transaction is gone.
            const code = ESCAPED.includes(stateOf(cause)) ? 'MIG_R0212' : 'MIG_R0201'
            throw new MigrationError(code, `COMMIT: ${reasonOf(cause)}`, { cause })
          }),
        rollback,
      }
    },
    async close() {
      await connection?.release(isChanged ? 'changed' : 'same')
    },
  }
}
