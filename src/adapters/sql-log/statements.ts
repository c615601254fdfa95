import { COLUMNS } from './table.ts'

const LIST = COLUMNS.join(', ')

/** The statements of a log. What stands for a value is SQL: a placeholder, or a literal. */
export interface LogStatements {
  readonly create: readonly string[]
  /** Genesis and last entry, in this order; one row when they are the same. */
  readonly head: string
  /** The last serial. */
  readonly end: string
  /** Entries above a serial. */
  read(after: number): string
  /** @param rows of values in the order of `COLUMNS` @param where `true` for always */
  insert(rows: readonly (readonly string[])[], where: string): string
  /** Completes the entry of a serial. @param values satisfied, open, targets, data */
  complete(values: readonly string[], serial: number): string
}

/** @param index the name of its unique index; in PostgreSQL a schema qualifies the table, never the index */
export function logStatements(table: string, index: string): LogStatements {
  return {
    create: [
      `CREATE TABLE IF NOT EXISTS ${table} (serial bigint NOT NULL PRIMARY KEY, kind text NOT NULL, id text, target text NOT NULL, generation bigint NOT NULL, hash text, attempt text NOT NULL, done smallint NOT NULL, satisfied text NOT NULL, open bigint NOT NULL, targets text NOT NULL, data text NOT NULL, at text NOT NULL)`,
      `CREATE UNIQUE INDEX IF NOT EXISTS ${index} ON ${table} (target, id, generation) WHERE kind = 'up'`,
    ],
    head: `SELECT ${LIST} FROM ${table} WHERE serial = 0 OR serial = (SELECT max(serial) FROM ${table}) ORDER BY serial`,
    end: `SELECT max(serial) AS serial FROM ${table}`,
    read: (after) => `SELECT ${LIST} FROM ${table} WHERE serial > ${after} ORDER BY serial`,
    insert: (rows, where) =>
      `INSERT INTO ${table} (${LIST}) SELECT * FROM (VALUES ${rows.map((values) => `(${values.join(', ')})`).join(', ')}) AS entry WHERE ${where}`,
    complete: (values, serial) => {
      const set = ['satisfied', 'open', 'targets', 'data'].map((column, at) => `${column} = ${values[at]}`)
      return `UPDATE ${table} SET done = 1, ${set.join(', ')} WHERE serial = ${serial}`
    },
  }
}
