import type { Adapter, Cell } from '../../runtime/adapter.ts'
import { cellStatements, leaseTable } from '../sql-log/cell.ts'
import { isPostgres } from './adapter.ts'
import type { PostgresRows } from './connection.ts'
import { literal } from './literal.ts'
import { lockKey } from './log.ts'
import { UNDEFINED_TABLE, stateOf } from './sql-state.ts'

/** The same adapter with a lease for the runs of other storages. An application with one database does not carry it. */
export function withLease(adapter: Adapter<'sql'>): Adapter<'sql'> {
  if (!isPostgres(adapter)) return adapter
  const { database, log } = adapter
  const table = leaseTable(log.table)
  const { create, get, insert, update } = cellStatements(table)
  const rowsOf = async (...texts: readonly string[]): Promise<PostgresRows | null> => {
    try {
      return (await database.script(texts.join(';'))).at(-1) ?? []
    } catch (error) {
      if (stateOf(error) === UNDEFINED_TABLE) return null
      throw error
    }
  }
  const lease: Cell = {
    async get() {
      const [row] = (await rowsOf(get)) ?? []
      return row ? String(row['value']) : null
    },
    async swap(expected, next) {
      const value = literal(next)
      const isFirst = expected === null
      const change = `${isFirst ? insert(value) : update(literal(expected), value)} RETURNING id`
      // CREATE TABLE IF NOT EXISTS fails where another transaction is creating it, and where the table is there, but this
      // role may create none.
      const rows = await rowsOf(change)
      if (rows || !isFirst) return rows?.length === 1
      return (await rowsOf(`SELECT pg_advisory_xact_lock(${lockKey(table)})`, create, change))?.length === 1
    },
  }
  return { ...adapter, lease }
}
