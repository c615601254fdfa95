import { MigrationError } from '../../runtime/errors.ts'
import type { Sql, SqlValue } from '../../runtime/handles.ts'
import { transactionControl } from '../../sql/transaction-control.ts'
import type { SqliteConnection, SqliteValue } from './connection.ts'

/** `sql` on the connection whose transaction is open. */
export function sqliteHandle(connection: SqliteConnection): Sql {
  const query = (text: TemplateStringsArray, values: readonly SqlValue[]): readonly unknown[] => {
    const statement = text.join('?')
    refuseTransactionControl(statement)
    return connection.all(statement, values.map(bindable))
  }
  return {
    dialect: 'sqlite',
    raw: connection.raw,
    rows: async <Row>(text: TemplateStringsArray, ...values: readonly SqlValue[]) =>
      query(text, values) as readonly Row[],
    run: async (text, ...values) => {
      query(text, values)
    },
    script: async (text) => {
      refuseTransactionControl(text)
      connection.script(text)
    },
  }
}

function refuseTransactionControl(text: string): void {
  const found = transactionControl(text, 'sqlite')
  if (!found) return
  throw new MigrationError('MIG_R0211', `${found.keyword} at line ${found.line} of its SQL.`, {
    next: 'remove it: the runtime opens and ends the transaction',
  })
}

/** SQLite has no booleans: they are the integers 1 and 0. As a number, the driver would bind a REAL. */
function bindable(value: unknown): SqliteValue {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (value === null || value instanceof Uint8Array) return value
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  const name = typeof value === 'object' ? value.constructor.name : typeof value
  throw new MigrationError('MIG_R0214', `A value of type ${name} cannot be bound.`, {
    next: 'convert it to a string, number, bigint, boolean, null or bytes',
  })
}
