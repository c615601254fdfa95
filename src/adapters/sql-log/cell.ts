/** The table of a cell beside a log's: names may have 63 characters. @param log its table, with its schema or without */
export function leaseTable(log: string): string {
  return log.replace(/(\w{0,57})\w*$/, '$1_lease')
}

/** The statements of a cell that are the same in every dialect: one row with one text, and no time that is compared. */
export interface CellStatements {
  readonly create: string
  readonly get: string
  /** Changes one row, or none. @param value a placeholder, or a literal */
  insert(value: string): string
  /** Placeholders are filled with the value first. */
  update(expected: string, value: string): string
}

export function cellStatements(table: string): CellStatements {
  return {
    create: `CREATE TABLE IF NOT EXISTS ${table} (id smallint PRIMARY KEY, value text)`,
    get: `SELECT value FROM ${table}`,
    insert: (value) => `INSERT INTO ${table} (id, value) VALUES (1, ${value}) ON CONFLICT (id) DO NOTHING`,
    update: (expected, value) => `UPDATE ${table} SET value = ${value} WHERE id = 1 AND value = ${expected}`,
  }
}
