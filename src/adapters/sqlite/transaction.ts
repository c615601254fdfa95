import type { Transaction } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { beginImmediate } from './begin.ts'
import type { SqliteConnection } from './connection.ts'
import { assertForeignKeys, onlyCreates } from './foreign-keys.ts'
import { sqliteHandle } from './handle.ts'
import type { SqliteLog } from './log.ts'
import { SAVEPOINT, assertInside } from './savepoint.ts'
import type { SqliteSettings } from './settings.ts'

/**
 * One unit of work. Foreign keys are off inside and checked before the commit, so that a migration can rebuild a table
 * (sqlite.org/lang_altertable.html, section 7); `PRAGMA foreign_keys` does nothing inside a transaction, hence outside.
 *
 * @param entry `null`: the write lock alone keeps others away
 */
export function beginUnit(
  connection: SqliteConnection,
  log: SqliteLog,
  settings: SqliteSettings,
  entry: Entry | null,
): Transaction<'sql'> | 'taken' {
  const { foreignKeys } = settings
  const restore = 'PRAGMA foreign_keys = ON'
  const end = (statement: 'COMMIT' | 'ROLLBACK'): void =>
    connection.script(foreignKeys ? `${statement};${restore}` : statement)
  const undo = (): void => {
    if (connection.inTransaction) end('ROLLBACK')
    else if (foreignKeys) connection.script(restore)
  }
  try {
    beginImmediate(connection, settings, foreignKeys ? ['PRAGMA foreign_keys = OFF'] : [])
  } catch (error) {
    // A transaction that is open now is the application's.
    if (foreignKeys) connection.script(restore)
    throw error
  }
  try {
    if (entry && log.insert([entry]) === 'taken') {
      end('ROLLBACK')
      return 'taken'
    }
    connection.script(SAVEPOINT)
  } catch (error) {
    undo()
    throw error
  }
  let isCompleted = false
  let mayBreakForeignKeys = false
  const ran = (text: string | null): void => {
    mayBreakForeignKeys ||= text === null || !onlyCreates(text)
  }
  return {
    handle: () => sqliteHandle(connection, ran),
    async commit(final) {
      if (!isCompleted) {
        assertInside(connection, entry)
        if (foreignKeys && mayBreakForeignKeys) assertForeignKeys(connection)
        if (entry) log.complete({ serial: entry.serial, ...final })
        isCompleted = true
      }
      end('COMMIT')
    },
    async rollback() {
      undo()
    },
  }
}
