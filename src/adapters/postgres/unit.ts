import type { Transaction } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { busyOr } from './busy.ts'
import { type PostgresDatabase, stateOf } from './connection.ts'
import { postgresHandle } from './handle.ts'
import type { PostgresLog } from './log.ts'

const MARK = 'unplugin_migrations_unit'
/** No such savepoint, or no transaction at all. */
const ESCAPED: ReadonlySet<string> = new Set(['3B001', '25P01'])
/** What SET without LOCAL leaves behind, as every file of pg_dump does: `search_path` is empty after it. */
const SETTINGS = `SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) AS settings FROM pg_settings WHERE source = 'session'`

/** One unit of work: a message to begin it, its own statements, and a message to end it. */
export async function beginUnit(
  database: PostgresDatabase,
  log: PostgresLog,
  entry: Entry,
): Promise<Transaction<'sql'> | 'taken'> {
  const connection = await database.connect().catch((error: unknown) => {
    throw busyOr(error)
  })
  let before: unknown
  let isOpen = true
  async function release(session: 'same' | 'changed'): Promise<void> {
    if (isOpen) await connection.release(session)
    isOpen = false
  }
  async function rollback(): Promise<void> {
    if (!isOpen) return
    try {
      await connection.script('ROLLBACK')
      await release('same')
    } finally {
      await release('changed')
    }
  }
  try {
    const [, settings, inserted, end] = await connection.script(
      `BEGIN ISOLATION LEVEL READ COMMITTED; ${SETTINGS}; ${log.insert([entry])}; SAVEPOINT ${MARK}`,
    )
    before = settings?.[0]?.['settings']
    if (log.outcome([entry], inserted ?? [], end ?? []) === 'taken') {
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
      const message = `RELEASE SAVEPOINT ${MARK}; ${log.complete({ ...entry, ...final })}; COMMIT; ${SETTINGS}`
      const results = await connection.script(message).catch((error: unknown) => {
        throw ESCAPED.has(stateOf(error)) ? escaped(entry, error) : error
      })
      await release(results.at(-1)?.[0]?.['settings'] === before ? 'same' : 'changed')
    },
    rollback,
  }
}

/** A migration that ended the transaction, or ended it and began another, took the savepoint with it. */
function escaped(entry: Entry, cause: unknown): MigrationError {
  const text = `${entry.id} ended its own transaction: entry ${entry.serial} is not completed.`
  return new MigrationError('MIG_R0212', text, {
    cause,
    next: 'look at what took effect, undo it, and remove the entry',
  })
}
