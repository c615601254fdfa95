import { MigrationError } from '../../runtime/errors.ts'
import type { Sql, SqlValue } from '../../runtime/handles.ts'
import { type Piece, statements } from '../../sql/statements.ts'
import { refuseTransactionControl } from '../sql-handle/refuse-transaction-control.ts'
import { type D1Database, type D1Query, prepared } from './database.ts'
import { assertWithinLimits } from './limits.ts'
import { queryOf } from './query.ts'

const WRITING: readonly string[] = ['INSERT', 'UPDATE', 'DELETE', 'REPLACE']
const READING: readonly string[] = ['SELECT', 'VALUES']

/** `sql` that reads at once and collects what it is told to write in `queries`. */
export function collectingHandle(database: D1Database, queries: D1Query[], maxStatements: number): Sql {
  const collect = (query: D1Query): void => {
    assertWithinLimits(query)
    // One more is the entry.
    if (queries.length + 2 > maxStatements)
      throw new MigrationError('MIG_R0241', `The migration has more than ${maxStatements} statements.`)
    queries.push(query)
  }
  return {
    dialect: 'sqlite',
    raw: database,
    async rows<Row>(text: TemplateStringsArray, ...values: readonly SqlValue[]) {
      const query = queryOf(text, values)
      assertReads(onlyStatement(query.text))
      if (queries.length > 0)
        throw new MigrationError(
          'MIG_R0240',
          'Rows were asked for after something was written: the batch is not sent yet.',
        )
      assertWithinLimits(query)
      return (await prepared(database, query).all()).results as readonly Row[]
    },
    async run(text, ...values) {
      const query = queryOf(text, values)
      refuseTransactionControl(query.text)
      onlyStatement(query.text)
      collect(query)
    },
    async script(text) {
      refuseTransactionControl(text)
      for (const pieces of statementsOf(text)) {
        const [first, last] = [pieces[0], pieces.at(-1)]
        collect({ text: text.slice(first?.token.start, last?.token.end), values: [] })
      }
    },
  }
}

/** D1 runs whatever follows the first statement, and binds the values to the last. */
function onlyStatement(text: string): readonly Piece[] {
  const [statement, ...more] = statementsOf(text)
  if (statement && more.length === 0) return statement
  throw new RangeError(
    `The text holds ${more.length + (statement ? 1 : 0)} statements and not one; run several as a script.`,
  )
}

/** What SQLite takes for comments (hints are other databases') begins and ends no statement. */
function statementsOf(text: string): readonly (readonly Piece[])[] {
  return statements(text, 'sqlite')
    .map((pieces) => pieces.filter(({ token }) => token.kind !== 'hint'))
    .filter((pieces) => pieces.length > 0)
}

/** @throws MigrationError `MIG_R0240` for anything but SELECT and VALUES, also behind WITH */
function assertReads(pieces: readonly Piece[]): void {
  const [first] = pieces
  const verb = first?.text === 'WITH' ? verbOf(pieces) : first?.text
  if (!READING.includes(verb ?? ''))
    throw new MigrationError('MIG_R0240', `Rows were asked for by ${verb ?? 'WITH'}, which could write.`)
}

/** The first verb that stands outside of parentheses. */
function verbOf(pieces: readonly Piece[]): string | undefined {
  let depth = 0
  for (const { text, token } of pieces) {
    if (token.kind === 'mark' && text === '(') depth++
    if (token.kind === 'mark' && text === ')') depth--
    if (depth === 0 && token.kind === 'word' && [...READING, ...WRITING].includes(text)) return text
  }
  return undefined
}
