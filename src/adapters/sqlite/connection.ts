/** What this folder needs of a synchronous SQLite driver. */
export interface SqliteConnection {
  /**
   * Runs one statement. Rows where it returns rows, else none.
   *
   * @throws before anything runs, when the text holds more than one statement, or has more or fewer placeholders than
   * there are parameters
   */
  all(text: string, parameters: readonly SqliteValue[]): readonly Readonly<Record<string, unknown>>[]
  /** Runs any number of statements without parameters. */
  script(text: string): void
  readonly inTransaction: boolean
  /** `null`: another result, or no error of SQLite. */
  resultOf(error: unknown): SqliteResult | null
  /** The driver's own object. */
  readonly raw: object
}

export type SqliteValue = string | number | bigint | null | Uint8Array

/** SQLite's primary result codes that decide something here. */
export type SqliteResult = 'SQLITE_ERROR' | 'SQLITE_BUSY' | 'SQLITE_LOCKED' | 'SQLITE_READONLY'

/**
 * BEGIN IMMEDIATE: takes the write lock now, so that nothing that follows finds the database changed or locked. Fails at
 * once with SQLITE_BUSY while another connection writes: a driver that waits would block the whole process, and with it
 * a transaction of this very process that it waits for. The runtime polls instead.
 */
export function beginImmediate(connection: SqliteConnection): void {
  const timeout = pragma(connection, 'busy_timeout')
  connection.all('PRAGMA busy_timeout = 0', [])
  try {
    connection.script('BEGIN IMMEDIATE')
  } finally {
    connection.all(`PRAGMA busy_timeout = ${timeout}`, [])
  }
}

/** The value of a pragma that holds one number. */
export function pragma(connection: SqliteConnection, name: 'busy_timeout' | 'foreign_keys'): number {
  const row = connection.all(`PRAGMA ${name}`, [])[0] ?? {}
  return Number(Object.values(row)[0] ?? 0)
}
