import type { Cell } from '../../runtime/adapter.ts'
import { cellStatements, leaseTable } from '../sql-log/cell.ts'
import type { D1Database } from './database.ts'

/** @param log its table */
export function d1Cell(database: D1Database, log: string): Cell {
  const table = leaseTable(log)
  const { create, get, insert, update } = cellStatements(table)
  return {
    async get() {
      const isThere = await database.prepare(`SELECT 1 FROM sqlite_master WHERE lower(name) = lower('${table}')`).all()
      if (isThere.results.length === 0) return null
      const [row] = (await database.prepare(get).all()).results
      return row ? String(Object(row).value) : null
    },
    async swap(expected, next) {
      const change =
        expected === null
          ? database.prepare(`${insert('?')} RETURNING id`).bind(next)
          : database.prepare(`${update('?', '?')} RETURNING id`).bind(next, expected)
      const answers = await database.batch([database.prepare(create), change])
      return answers.at(-1)?.results.length === 1
    },
  }
}
