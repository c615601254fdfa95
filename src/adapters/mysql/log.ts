import type { Entry } from '../../runtime/entry.ts'
import { MigrationError } from '../../runtime/errors.ts'
import { entryOf, rowOf } from '../sql-log/entry-row.ts'
import { type LogStatements, logStatements } from '../sql-log/statements.ts'
import type { MysqlDatabase, MysqlRows } from './connection.ts'
import { Busy, NO_SUCH_TABLE, isLost, numberOf } from './error-class.ts'
import { literal } from './literal.ts'

/** A key may have 3,072 bytes, and four of them for each character. */
const LONGEST_ID = 700
const COLUMNS = ['serial', 'kind', 'id', 'target', 'generation', 'hash', 'attempt', 'at', 'done', 'rest'] as const

export interface MysqlLogStatements extends LogStatements {
  insert(entries: readonly Entry[]): string
}

/**
 * The statements of a log's table. Unlike other dialects MySQL has no index over some rows only: one over all leaves out
 * those whose generation is NULL.
 *
 * @param table as it stands in a statement
 */
export function mysqlLogStatements(table: string): MysqlLogStatements {
  const columns = [
    'serial bigint NOT NULL PRIMARY KEY',
    'kind varchar(16) NOT NULL',
    `id varchar(${LONGEST_ID})`,
    'target varchar(40) NOT NULL',
    'generation bigint',
    'hash text',
    'attempt text',
    'at text',
    'done smallint NOT NULL',
    'rest longtext NOT NULL',
    'UNIQUE KEY generation (target, id, generation)',
  ]
  const options = 'ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin'
  const create = [`CREATE TABLE IF NOT EXISTS ${table} (${columns.join()}) ${options}`]
  return {
    ...logStatements(table, create),
    insert(entries) {
      // Without strict mode the server would cut it, and answer that all is well.
      const long = entries.find(({ id }) => id !== null && id.length > LONGEST_ID)
      if (long) throw new MigrationError('MIG_R0207', `an id of ${long.id?.length} characters`)
      const rows = entries.map((entry) => {
        const row = rowOf(entry)
        return `(${COLUMNS.map((column) => literal(row[column])).join()})`
      })
      return `INSERT INTO ${table} (${COLUMNS.join()}) VALUES ${rows.join()}`
    },
  }
}

/** Reads through any connection. @throws Busy where it ended, since a read may be tried again */
export async function entriesOf({ query }: Pick<MysqlDatabase, 'query'>, text: string): Promise<readonly Entry[]> {
  let rows: MysqlRows
  try {
    rows = await query(text)
  } catch (error) {
    if (numberOf(error) === NO_SUCH_TABLE) return []
    throw isLost(error) ? new Busy('the connection ended', { cause: error }) : error
  }
  return rows.map(entryOf)
}
