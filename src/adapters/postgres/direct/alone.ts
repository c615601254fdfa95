import type { Statement } from '../../../runtime/adapter.ts'
import { reasonOf } from '../../../runtime/errors.ts'
import { statements } from '../../../sql/statements.ts'
import type { PostgresConnection } from '../connection.ts'
import { literal } from '../literal.ts'
import { classOf, stateOf } from '../sql-state.ts'

const LOCK_NOT_AVAILABLE = '55P03'

/** An answer of the server: the statement is not done, and sending the same again would not do it. */
class Refused extends Error {
  readonly severity: string = 'ERROR'
}

/** Its own transactions are committed as it goes: not an answer that nothing happened. */
class PartlyDone extends Error {}

/**
 * Sends a statement that commits by itself. Its error says what may be left of it: a procedure may have done a part, and a
 * concurrent index that was chosen as the victim of a deadlock is there, and invalid.
 */
export async function sendAlone(
  connection: PostgresConnection,
  { text }: Statement,
  values?: readonly unknown[],
): Promise<void> {
  const [pieces = []] = statements(text, 'postgres')
  const words = pieces.map((piece) => piece.text)
  try {
    await connection.script(text, values)
  } catch (error) {
    if (['CALL', 'DO'].includes(words[0] ?? '')) throw new PartlyDone(reasonOf(error), { cause: error })
    const isUnchanged = stateOf(error) === LOCK_NOT_AVAILABLE && !words.includes('CONCURRENTLY')
    if (classOf(error) !== 'retry' || isUnchanged) throw error
    throw new Refused(reasonOf(error), { cause: error })
  }
  const named = /^CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS /.exec(`${words.join(' ')} `)
  if (named) await assertValid(connection, text, pieces.slice(named[0].trim().split(' ').length))
}

/** What a build that failed has left exists as well, and nobody would make it any more. */
async function assertValid(
  connection: PostgresConnection,
  text: string,
  [name, on, ...rest]: ReturnType<typeof statements>[number],
): Promise<void> {
  const table = rest.slice(rest[0]?.text === 'ONLY' ? 1 : 0)
  const end = table.findIndex((piece) => piece.text === '(' || piece.text === 'USING')
  const [first, last] = [table[0], table[end - 1]]
  if (!name || on?.text !== 'ON' || !first || !last) return
  const shown = text.slice(name.token.start, name.token.end)
  const tableName = text.slice(first.token.start, last.token.end)
  // Escapes of U&"" are known to nobody but the server's parser.
  if (/&"/.test(shown + tableName)) return
  const [[invalid] = []] = await connection.script(
    `SELECT 1 AS found FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE NOT indisvalid AND relname = (parse_ident(${literal(shown)}))[1] AND indrelid = to_regclass(${literal(tableName)})`,
  )
  if (invalid)
    throw new Refused(`${shown} exists, and is invalid since a build of it failed: drop it, then start again`)
}
