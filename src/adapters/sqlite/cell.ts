import type { Cell } from '../../runtime/adapter.ts'
import { cellStatements, leaseTable } from '../sql-log/cell.ts'
import { beginImmediate } from './begin.ts'
import type { SqliteConnection } from './connection.ts'
import { exists } from './log.ts'
import type { KnownSettings } from './settings.ts'

/** @param log its table */
export function sqliteCell(connection: SqliteConnection, log: string, settings: KnownSettings): Cell {
  const table = leaseTable(log)
  const { create, get, insert, update } = cellStatements(table)
  return {
    async get() {
      const [row] = exists(connection, table) ? connection.all(get, []) : []
      return row ? String(row['value']) : null
    },
    async swap(expected, next) {
      beginImmediate(connection, settings.get())
      try {
        connection.script(create)
        const changed =
          expected === null
            ? connection.often(insert('?'), [next])
            : connection.often(update('?', '?'), [next, expected])
        connection.script('COMMIT')
        return changed === 1
      } catch (error) {
        if (connection.inTransaction) connection.script('ROLLBACK')
        throw error
      }
    },
  }
}
