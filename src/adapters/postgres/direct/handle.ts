import type { Perform, Statement } from '../../../runtime/adapter.ts'
import { MigrationError } from '../../../runtime/errors.ts'
import type { Sql, SqlValue } from '../../../runtime/handles.ts'
import { bindable } from '../../sql-handle/bindable.ts'
import type { PostgresConnection } from '../connection.ts'
import { stateOf } from '../sql-state.ts'
import { sendAlone } from './alone.ts'
import { splitStatements } from './split.ts'

const LOOK = 'SAVEPOINT unplugin_migrations_rows'
const READ_ONLY = '25006'

/** `sql` whose statements run one at a time. @param touched called when somebody takes the driver's own connection */
export function directHandle(connection: PostgresConnection, perform: Perform, touched: () => void): Sql {
  const send = async (statement: Statement, values?: readonly SqlValue[]): Promise<void> => {
    if (statement.effect === 'alone') await sendAlone(connection, statement, values)
    else await connection.script(statement.text, values)
  }
  return {
    dialect: 'postgres',
    get raw() {
      touched()
      return connection.raw
    },
    async rows<Row>(text: TemplateStringsArray, ...values: readonly SqlValue[]) {
      const { text: query, shown } = one(text)
      await connection.script(`${LOOK};SET LOCAL transaction_read_only = on`)
      try {
        const [rows = []] = await connection.script(query, values.map(bindable))
        return rows as readonly Row[]
      } catch (error) {
        if (stateOf(error) !== READ_ONLY) throw error
        throw new MigrationError('MIG_R0274', `rows of ${shown}`, { cause: error })
      } finally {
        await connection.script(`ROLLBACK TO ${LOOK};RELEASE ${LOOK}`)
      }
    },
    async run(text, ...values) {
      const bound = values.map(bindable)
      const statement = one(text)
      // The journal's digest is over values too: another value is another statement.
      const told = bound.length === 0 ? statement.text : `${statement.text}\n${JSON.stringify(bound, plain)}`
      await perform({ ...statement, text: told }, () => send(statement, bound))
    },
    async script(text) {
      for (const statement of splitStatements(text)) await perform(statement, () => send(statement))
    },
  }
}

function one(text: TemplateStringsArray): Statement {
  const whole = text.reduce((before, part, index) => `${before}$${index}${part}`)
  const [statement, ...more] = splitStatements(whole)
  if (statement && more.length === 0) return statement
  throw new RangeError(
    `The text holds ${more.length + (statement ? 1 : 0)} statements and not one; run several as a script.`,
  )
}

/** What JSON does not have. */
function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? [...value] : value
}
