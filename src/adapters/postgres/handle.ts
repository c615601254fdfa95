import type { Sql, SqlValue } from '../../runtime/handles.ts'
import { bindable } from '../sql-handle/bindable.ts'
import { refuseTransactionControl } from '../sql-handle/refuse-transaction-control.ts'
import type { PostgresConnection } from './connection.ts'

/** `sql` on the connection whose transaction is open. */
export function postgresHandle(connection: PostgresConnection): Sql {
  const rows = async <Row>(text: TemplateStringsArray, ...values: readonly SqlValue[]): Promise<readonly Row[]> => {
    const statement = text.reduce((before, part, index) => `${before}$${index}${part}`)
    refuseTransactionControl(statement)
    const [answer = []] = await connection.script(statement, values.map(bindable))
    return answer as readonly Row[]
  }
  return {
    dialect: 'postgres',
    raw: connection.raw,
    rows,
    run: async (text, ...values) => {
      await rows(text, ...values)
    },
    script: async (text) => {
      refuseTransactionControl(text)
      await connection.script(text)
    },
  }
}
