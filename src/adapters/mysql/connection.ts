export type MysqlRows = readonly Readonly<Record<string, unknown>>[]

/** What this folder needs of a MySQL driver. */
export interface MysqlDatabase {
  /** One statement on any connection. */
  query(text: string): Promise<MysqlRows>
  /** A connection that is nobody else's. */
  connect(): Promise<MysqlConnection>
}

export interface MysqlConnection {
  /** One statement, whose rows come as objects with values as the driver has them by default. */
  query(text: string): Promise<MysqlRows>
  /** One statement, whose rows come as the application has set up its driver. */
  rows(text: string): Promise<unknown>
  /** Gives it back. `changed`: its session is not as it was, and nobody may get it like this. */
  release(session: 'same' | 'changed'): void
  /** The driver's own object. */
  readonly raw: object
}
