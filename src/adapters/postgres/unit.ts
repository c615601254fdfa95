import type { Transaction } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { PostgresDatabase } from './connection.ts'
import { postgresHandle } from './handle.ts'
import type { PostgresLog } from './log.ts'
import { UNIQUE_VIOLATION, stateOf } from './sql-state.ts'

const MARK = 'SAVEPOINT unplugin_migrations'
/** No such savepoint, or no transaction at all. */
const ESCAPED = ['3B001', '25P01']
/** What SET without LOCAL leaves behind, as every file of pg_dump does: `search_path` is empty after it. */
const SETTINGS = `SELECT string_agg(name || setting, ' ' ORDER BY name) AS settings FROM pg_settings WHERE source = 'session'`

/** One unit of work: a message to begin it, its own statements, and a message to end it. */
export async function beginUnit(
  database: PostgresDatabase,
  log: PostgresLog,
  entry: Entry,
): Promise<Transaction<'sql'> | 'taken'> {
  const connection = await database.connect()
  let isHeld = true
  const release = async (session: 'same' | 'changed'): Promise<void> => {
    if (!isHeld) return
    isHeld = false
    await connection.release(session)
  }
  const rollback = async (): Promise<void> => {
    try {
      if (isHeld) await connection.script('ROLLBACK')
      await release('same')
    } finally {
      await release('changed')
    }
  }
  let before: unknown
  try {
    const message = `BEGIN ISOLATION LEVEL READ COMMITTED;${SETTINGS};${log.insert([entry])};${MARK}`
    const [, settings = [], inserted = [], end = []] = await connection.script(message)
    before = settings[0]?.['settings']
    if (log.outcome(entry.serial, inserted, end) === 'taken') {
      await rollback()
      return 'taken'
    }
  } catch (error) {
    await rollback()
    if (stateOf(error) === UNIQUE_VIOLATION) return 'taken'
    throw error
  }
  return {
    handle: () => postgresHandle(connection),
    async commit(final) {
      const message = `RELEASE ${MARK};${log.complete({ ...entry, ...final })};COMMIT;${SETTINGS}`
      const results = await connection.script(message).catch((cause: unknown) => {
        // A migration that ended the transaction, or ended it and began another, took the savepoint with it. Never an
        // error of class `retry`: the transaction is gone.
        const code = ESCAPED.includes(stateOf(cause)) ? 'MIG_R0212' : 'MIG_R0201'
        throw new MigrationError(code, `COMMIT of ${entry.id}: ${reasonOf(cause)}`, { cause })
      })
      await release(results.at(-1)?.[0]?.['settings'] === before ? 'same' : 'changed')
    },
    rollback,
  }
}
