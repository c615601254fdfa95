import { MigrationError } from '../../runtime/errors.ts'
import type { SqliteConnection } from './connection.ts'
import { withoutQuoted } from './quoted.ts'

const CREATES = /^\s*(?:create\s+(?:table|(?:unique\s+)?index)\b|$)/i

/** Whether a text does nothing but create tables and indexes, after which no row has lost its parent. In doubt it does more. */
export function onlyCreates(text: string): boolean {
  return withoutQuoted(text)
    .split(';')
    .every((statement) => CREATES.test(statement))
}

/** @throws MigrationError `MIG_R0213` */
export function assertForeignKeys(connection: SqliteConnection): void {
  // As text: a driver rounds or refuses whole numbers that no JavaScript number holds. The pragma itself, prepared once,
  // would not see the tables that come after it.
  const query = 'SELECT "table", CAST(rowid AS text) AS rowid, parent FROM pragma_foreign_key_check'
  if (connection.often(query, []) === 0) return
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
