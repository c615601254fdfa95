import type { Transaction } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { type SqliteConnection, beginImmediate, pragma } from './connection.ts'
import { sqliteHandle } from './handle.ts'
import type { SqliteLog } from './log.ts'

const MARK = 'unplugin_migrations_unit'

/**
 * One unit of work. Foreign keys are off inside and checked before the commit, so that a migration can rebuild a table
 * (sqlite.org/lang_altertable.html, section 7); `PRAGMA foreign_keys` does nothing inside a transaction, hence outside.
 */
export function beginUnit(connection: SqliteConnection, log: SqliteLog, entry: Entry): Transaction<'sql'> | 'taken' {
  const foreignKeys = pragma(connection, 'foreign_keys')
  if (foreignKeys) connection.script('PRAGMA foreign_keys = OFF')
  const end = (statement: 'COMMIT' | 'ROLLBACK'): void => {
    connection.script(statement)
    if (foreignKeys) connection.script('PRAGMA foreign_keys = ON')
  }
  try {
    beginImmediate(connection)
    if (log.insert([entry]) === 'taken') {
      end('ROLLBACK')
      return 'taken'
    }
    connection.script(`SAVEPOINT ${MARK}`)
  } catch (error) {
    if (connection.inTransaction) end('ROLLBACK')
    else if (foreignKeys) connection.script('PRAGMA foreign_keys = ON')
    throw error
  }
  let isCompleted = false
  return {
    handle: () => sqliteHandle(connection),
    async commit(final) {
      if (!isCompleted) {
        assertInside(connection, entry)
        if (foreignKeys) assertForeignKeys(connection)
        log.complete({ ...entry, ...final })
        isCompleted = true
      }
      end('COMMIT')
    },
    async rollback() {
      if (connection.inTransaction) end('ROLLBACK')
      else if (foreignKeys) connection.script('PRAGMA foreign_keys = ON')
    },
  }
}

/** A migration that ended the transaction, or ended it and began another, took the savepoint with it. */
function assertInside(connection: SqliteConnection, entry: Entry): void {
  try {
    if (connection.inTransaction) return connection.script(`RELEASE ${MARK}`)
  } catch (error) {
    if (connection.resultOf(error) !== 'SQLITE_ERROR') throw error
  }
  throw new MigrationError(
    'MIG_R0212',
    `${entry.id} ended its own transaction: entry ${entry.serial} is not completed.`,
    {
      next: 'look at what took effect, undo it, and remove the entry',
    },
  )
}

function assertForeignKeys(connection: SqliteConnection): void {
  // As text: a driver rounds or refuses whole numbers that no JavaScript number holds.
  const query = 'SELECT "table", CAST(rowid AS text) AS rowid, parent FROM pragma_foreign_key_check'
  const violations = connection.all(query, [])
  const [first] = violations
  if (!first) return
  const { table, rowid, parent } = first
  const more = violations.length === 1 ? '' : ` and ${violations.length - 1} more`
  throw new MigrationError(
    'MIG_R0213',
    `Row ${String(rowid)} of ${String(table)} has no parent in ${String(parent)}${more}.`,
    {
      next: 'mend these rows in the migration; it was rolled back',
    },
  )
}
