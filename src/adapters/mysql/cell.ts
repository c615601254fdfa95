import type { Cell } from '../../runtime/adapter.ts'
import { cellStatements, leaseTable } from '../sql-log/cell.ts'
import type { MysqlDatabase, MysqlRows } from './connection.ts'
import { NO_SUCH_TABLE, numberOf } from './error-class.ts'
import { literal } from './literal.ts'

/** @param log its table */
export function mysqlCell(database: MysqlDatabase, log: string): Cell {
  const table = leaseTable(log)
  const { create, get, update } = cellStatements(table)
  const rowsIfExists = async (read: () => Promise<MysqlRows>): Promise<MysqlRows> => {
    try {
      return await read()
    } catch (error) {
      if (numberOf(error) === NO_SUCH_TABLE) return []
      throw error
    }
  }
  return {
    async get() {
      const [row] = await rowsIfExists(() => database.query(get))
      return row ? String(row['value']) : null
    },
    async swap(expected, next) {
      const value = literal(next)
      const change =
        expected === null
          ? `INSERT IGNORE INTO ${table} (id, value) VALUES (1, ${value})`
          : update(literal(expected), value)
      if (expected === null) await database.query(`${create} ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`)
      const connection = await database.connect()
      try {
        const [row] = await rowsIfExists(async () => {
          await connection.query(change)
          const changed = await connection.query('SELECT ROW_COUNT() AS changed')
          // Whatever the pool makes of `autocommit`.
          await connection.query('COMMIT')
          return changed
        })
        connection.release('same')
        return Number(row?.['changed']) === 1
      } catch (error) {
        connection.release('changed')
        throw error
      }
    },
  }
}
