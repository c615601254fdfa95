/** The statements of a log that are the same in every dialect. */
export interface LogStatements {
  readonly create: readonly string[]
  /** Genesis and last entry, in this order; one row when they are the same. */
  readonly head: string
  /** The last serial. */
  readonly end: string
  /** Entries above a serial. */
  read(after: number): string
  /** Completes the entry of a serial. @param rest a placeholder, or a literal */
  complete(rest: string, serial: number): string
}

/** @param create for a dialect whose tables are made in another way */
export function logStatements(table: string, create?: readonly string[]): LogStatements {
  const select = `SELECT * FROM ${table} WHERE serial`
  const end = `SELECT max(serial) AS serial FROM ${table}`
  return {
    create: create ?? [
      `CREATE TABLE IF NOT EXISTS ${table} (serial bigint PRIMARY KEY, kind text, id text, target text, generation bigint, hash text, attempt text, at text, done smallint, rest text, UNIQUE (target, id, generation))`,
    ],
    head: `${select} IN (0, (${end})) ORDER BY serial`,
    end,
    read: (after) => `${select} > ${after} ORDER BY serial`,
    complete: (rest, serial) => `UPDATE ${table} SET done = 1, rest = ${rest} WHERE serial = ${serial}`,
  }
}
