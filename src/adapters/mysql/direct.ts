import type { Direct } from '../../runtime/adapter.ts'
import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { DUPLICATE_KEY, NO_SUCH_SAVEPOINT, isAnswer, numberOf } from './error-class.ts'
import { mysqlHandle } from './handle.ts'
import type { Locked } from './lock.ts'
import { entriesOf, mysqlLogStatements } from './log.ts'

const MARK = 'SAVEPOINT unplugin_migrations'

/**
 * What runs statements one at a time, and appends to the log, on the connection that holds the lock.
 *
 * @param changed called when the connection's session is not as it was any more
 */
export function mysqlDirect({ connection, table, end }: Locked, changed: () => void): Direct<'sql'> {
  const statements = mysqlLogStatements(table)
  return {
    handle: (_, perform, touched) =>
      mysqlHandle(connection, perform, changed, () => {
        changed()
        touched()
      }),
    async *read(after) {
      yield* await entriesOf(connection, statements.read(after))
    },
    append,
    async begin() {
      await connection.query('START TRANSACTION')
      await connection.query(MARK)
    },
    async commit(entries) {
      await connection.query(`RELEASE ${MARK}`).catch((cause: unknown) => {
        if (numberOf(cause) !== NO_SUCH_SAVEPOINT) throw cause
        throw new MigrationError('MIG_R0212', 'the transaction was ended', { cause })
      })
      const answer = entries.length === 0 ? 'appended' : await append(entries)
      await connection.query(answer === 'taken' ? 'ROLLBACK' : 'COMMIT')
      return answer
    },
    async rollback() {
      await connection.query('ROLLBACK')
    },
    isAnswer,
  }

  async function append(entries: readonly Entry[]): Promise<'appended' | 'taken'> {
    const first = entries[0]?.serial ?? 0
    if (first === 0) for (const statement of statements.create) await connection.query(statement)
    const last = await end()
    if (last >= first) return 'taken'
    if (last < first - 1) throw new MigrationError('MIG_R0221', `a gap before entry ${first}`)
    try {
      await connection.query(statements.insert(entries))
      return 'appended'
    } catch (error) {
      if (numberOf(error) === DUPLICATE_KEY) return 'taken'
      throw error
    }
  }
}
