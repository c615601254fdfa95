export type PostgresRows = readonly Readonly<Record<string, unknown>>[]

/** What this folder needs of a PostgreSQL driver. */
export interface PostgresDatabase {
  /** On any connection: one message of the simple query protocol. Answers the rows of each statement. */
  script(text: string): Promise<readonly PostgresRows[]>
  /** A connection that is nobody else's. */
  connect(): Promise<PostgresConnection>
}

export interface PostgresConnection {
  /** As above, on this one. @param parameters of `$1`, `$2` …, where the text is one statement that has them */
  script(text: string, parameters?: readonly unknown[]): Promise<readonly PostgresRows[]>
  /** Gives it back. `changed`: its session is not as it was, and nobody may get it like this. */
  release(session: 'same' | 'changed'): Promise<void>
  /** The driver's own object. */
  readonly raw: object
}
