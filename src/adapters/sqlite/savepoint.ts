import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import type { SqliteConnection } from './connection.ts'

const NAME = 'unplugin_migrations_unit'

export const SAVEPOINT: string = `SAVEPOINT ${NAME}`

/**
 * A migration that ended the transaction, or ended it and began another, took the savepoint with it. Where its entry was
 * committed, the log tells more than this error.
 *
 * @throws MigrationError `MIG_R0212`
 */
export function assertInside(connection: SqliteConnection, entry: Entry | null): void {
  try {
    if (connection.inTransaction) return connection.script(`RELEASE ${NAME}`)
  } catch (error) {
    if (connection.resultOf(error) !== 'SQLITE_ERROR') throw error
  }
  throw new MigrationError('MIG_R0212', `${entry?.id ?? 'a migration'} ended its own transaction.`, {
    next: 'look at what took effect, and undo it',
  })
}
