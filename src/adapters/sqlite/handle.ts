import type { Sql, SqlValue } from '../../runtime/handles.ts'
import { bindable } from '../sql-handle/bindable.ts'
import { refuseTransactionControl } from '../sql-handle/refuse-transaction-control.ts'
import type { SqliteConnection, SqliteValue } from './connection.ts'

/**
 * `sql` on the connection whose transaction is open.
 *
 * @param ran called with each text before it runs, and with `null` when somebody takes the driver's own handle
 */
export function sqliteHandle(connection: SqliteConnection, ran: (text: string | null) => void): Sql {
  const query = (text: TemplateStringsArray, values: readonly SqlValue[]): readonly unknown[] => {
    const statement = text.join('?')
    refuseTransactionControl(statement)
    ran(statement)
    return connection.all(statement, values.map(sqliteValue))
  }
  return {
    dialect: 'sqlite',
    get raw() {
      ran(null)
      return connection.raw
    },
    rows: async <Row>(text: TemplateStringsArray, ...values: readonly SqlValue[]) =>
      query(text, values) as readonly Row[],
    run: async (text, ...values) => {
      query(text, values)
    },
    script: async (text) => {
      refuseTransactionControl(text)
      ran(text)
      connection.script(text)
    },
  }
}

/** SQLite has no booleans: they are the integers 1 and 0. As a number, the driver would bind a REAL. */
function sqliteValue(value: unknown): SqliteValue {
  const given = bindable(value)
  if (typeof given === 'boolean') return given ? 1n : 0n
  return given
}
