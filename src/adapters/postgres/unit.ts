import type { Transaction } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { busyOr } from './busy.ts'
import { type PostgresDatabase, stateOf } from './connection.ts'
import { postgresHandle } from './handle.ts'
import type { PostgresLog } from './log.ts'

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
  const connection = await database.connect().catch((error: unknown) => {
    throw busyOr(error)
  })
  const release = async (session: 'same' | 'changed'): Promise<void> => {
    await (isHeld && connection.release(session))
    isHeld = false
  }
  const rollback = (): Promise<void> =>
    isHeld
      ? connection
          .script('ROLLBACK')
          .then(() => release('same'))
          .finally(() => release('changed'))
      : Promise.resolve()
  let isHeld = true
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
    if (stateOf(error) === '23505') return 'taken'
    throw busyOr(error)
  }
  return {
    handle: () => postgresHandle(connection),
    async commit(final) {
      const message = `RELEASE ${MARK};${log.complete({ ...entry, ...final })};COMMIT;${SETTINGS}`
      const results = await connection.script(message).catch((cause: unknown) => {
        if (!ESCAPED.includes(stateOf(cause))) throw cause
        // A migration that ended the transaction, or ended it and began another, took the savepoint with it.
        throw new MigrationError('MIG_R0212', `${entry.id} ended its own transaction.`, { cause })
      })
      await release(results.at(-1)?.[0]?.['settings'] === before ? 'same' : 'changed')
    },
    rollback,
  }
}
