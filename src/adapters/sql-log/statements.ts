import { COLUMNS } from './table.ts'

/** The statements of a log, for a dialect's way to write the k-th placeholder (from 1). */
export interface LogStatements {
  readonly create: readonly string[]
  /** Genesis and last entry, in this order; one row when they are the same. */
  readonly head: string
  /** Entries above a serial. */
  readonly read: string
  /** The last serial. */
  readonly end: string
  readonly insert: string
  /** Completes the entry of a serial: satisfied, open, targets, data, serial. */
  readonly complete: string
}

export function logStatements(table: string, placeholder: (k: number) => string): LogStatements {
  const columns = COLUMNS.join(', ')
  const values = COLUMNS.map((_, index) => placeholder(index + 1)).join(', ')
  const set = ['satisfied', 'open', 'targets', 'data'].map((column, index) => `${column} = ${placeholder(index + 1)}`)
  return {
    create: [
      `CREATE TABLE IF NOT EXISTS ${table} (serial bigint NOT NULL PRIMARY KEY, kind text NOT NULL, id text, target text NOT NULL, generation bigint NOT NULL, hash text, attempt text NOT NULL, done smallint NOT NULL, satisfied text NOT NULL, open bigint NOT NULL, targets text NOT NULL, data text NOT NULL, at text NOT NULL)`,
      `CREATE UNIQUE INDEX IF NOT EXISTS ${table}_generation ON ${table} (target, id, generation) WHERE kind = 'up'`,
    ],
    head: `SELECT ${columns} FROM ${table} WHERE serial = 0 OR serial = (SELECT max(serial) FROM ${table}) ORDER BY serial`,
    read: `SELECT ${columns} FROM ${table} WHERE serial > ${placeholder(1)} ORDER BY serial`,
    end: `SELECT max(serial) AS serial FROM ${table}`,
    insert: `INSERT INTO ${table} (${columns}) VALUES (${values})`,
    complete: `UPDATE ${table} SET done = 1, ${set.join(', ')} WHERE serial = ${placeholder(5)}`,
  }
}
