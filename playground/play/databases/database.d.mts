export type Row = Readonly<Record<string, unknown>>

/** What a database holds. */
export interface DatabaseContent {
  /** Tables and views by name, without the log. */
  readonly tables: ReadonlyMap<string, readonly Row[]>
  /** Of the columns of each. */
  readonly types: ReadonlyMap<string, readonly string[]>
  /** What the table of the log holds. */
  readonly log: readonly Row[]
  /** What the database's own checks complain about. */
  readonly damage: readonly string[]
}

/** What the play needs of a database, to fill it as people do and to look at it. */
export interface PlayDatabase {
  insert(table: string, rows: readonly object[]): Promise<void>
  read(): Promise<DatabaseContent>
}
