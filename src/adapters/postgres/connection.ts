export type PostgresRows = readonly Readonly<Record<string, unknown>>[]

/** What this folder needs of a PostgreSQL driver. */
export interface PostgresDatabase {
  /** On any connection: one message of the simple query protocol. Answers the rows of each statement. */
  script(text: string): Promise<readonly PostgresRows[]>
  /** A connection that is nobody else's. */
  connect(): Promise<PostgresConnection>
}

export interface PostgresConnection extends Pick<PostgresDatabase, 'script'> {
  /** One statement, with `$1`, `$2` … for its parameters. */
  query(text: string, parameters: readonly unknown[]): Promise<PostgresRows>
  /** Gives it back. `changed`: its session is not as it was, and nobody may get it like this. */
  release(session: 'same' | 'changed'): Promise<void>
  /** The driver's own object. */
  readonly raw: object
}
