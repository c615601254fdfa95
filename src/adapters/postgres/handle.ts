import type { Sql, SqlValue } from '../../runtime/handles.ts'
import { bindable } from '../sql-handle/bindable.ts'
import { refuseTransactionControl } from '../sql-handle/refuse-transaction-control.ts'
import type { PostgresConnection } from './connection.ts'

/** `sql` on the connection whose transaction is open. */
export function postgresHandle(connection: PostgresConnection): Sql {
  const query = async <Row>(text: TemplateStringsArray, values: readonly SqlValue[]): Promise<readonly Row[]> => {
    const statement = text.reduce((before, part, index) => `${before}$${index}${part}`)
    refuseTransactionControl(statement)
    const [rows = []] = await connection.script(statement, values.map(bindable))
    return rows as readonly Row[]
  }
  return {
    dialect: 'postgres',
    raw: connection.raw,
    rows: (text, ...values) => query(text, values),
    run: async (text, ...values) => {
      await query(text, values)
    },
    script: async (text) => {
      refuseTransactionControl(text)
      await connection.script(text)
    },
  }
}
