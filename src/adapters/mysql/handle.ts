import type { Perform, Statement } from '../../runtime/adapter.ts'
import { MigrationError, reasonOf } from '../../runtime/errors.ts'
import type { Sql, SqlValue } from '../../runtime/handles.ts'
import { statements } from '../../sql/statements.ts'
import type { MysqlConnection } from './connection.ts'
import { isOfSeveral, leavesSession, reads } from './effect.ts'
import { classOf } from './error-class.ts'
import { literal } from './literal.ts'
import { shownOf, splitStatements } from './split.ts'

/**
 * `sql` whose statements run one at a time.
 *
 * @param changed called when the connection's session is not as it was any more
 * @param touched called when somebody takes the driver's own connection
 */
export function mysqlHandle(
  connection: MysqlConnection,
  perform: Perform,
  changed: () => void,
  touched: () => void,
): Sql {
  const one = (text: TemplateStringsArray, values: readonly SqlValue[]): Statement => {
    const whole = text.reduce((before, part, index) => `${before}${literal(values[index - 1])}${part}`)
    const [statement, ...more] = splitStatements(whole)
    if (!statement || more.length > 0)
      throw new RangeError(
        `The text holds ${more.length + (statement ? 1 : 0)} statements and not one; run several as a script.`,
      )
    return { ...statement, shown: shownOf(text.join('?')) }
  }
  const run = (statement: Statement): Promise<void> =>
    perform(statement, async () => {
      const pieces = piecesOf(statement)
      if (leavesSession(pieces)) changed()
      try {
        await connection.query(statement.text)
      } catch (error) {
        throw mayBePartlyDone(pieces, error) ? new PartlyDone(reasonOf(error), { cause: error }) : error
      }
    })
  return {
    dialect: 'mysql',
    get raw() {
      touched()
      return connection.raw
    },
    async rows<Row>(text: TemplateStringsArray, ...values: readonly SqlValue[]) {
      const statement = one(text, values)
      if (!reads(piecesOf(statement))) throw new MigrationError('MIG_R0274', `rows of ${statement.shown}`)
      return (await connection.rows(statement.text)) as readonly Row[]
    },
    run: async (text, ...values) => run(one(text, values)),
    async script(text) {
      for (const statement of splitStatements(text)) await run(statement)
    },
  }
}

/** Not an answer that nothing happened. */
class PartlyDone extends Error {}

/** A procedure commits as it goes. A definition has all its locks before it begins. */
function mayBePartlyDone(pieces: ReturnType<typeof piecesOf>, error: unknown): boolean {
  if (pieces[0]?.text === 'CALL' || pieces[0]?.text === 'EXECUTE') return true
  return isOfSeveral(pieces) && classOf(error) !== 'retry'
}

function piecesOf({ text }: Statement): ReturnType<typeof statements>[number] {
  return statements(text, 'mysql')[0] ?? []
}
