/** What this folder needs of a synchronous SQLite driver. */
export interface SqliteConnection {
  /**
   * Runs one statement. Rows where it returns rows, else none.
   *
   * @throws before anything runs, when the text holds more than one statement, or has more or fewer placeholders than
   * there are parameters
   */
  all(text: string, parameters: readonly SqliteValue[]): readonly Readonly<Record<string, unknown>>[]
  /**
   * Like `all`, for a statement that runs with every migration: prepared once, which else costs as much as the rest. Never
   * a pragma, which SQLite carries out while it prepares.
   *
   * @returns how many rows it changed, or has found
   */
  often(text: string, parameters: readonly SqliteValue[]): number
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
