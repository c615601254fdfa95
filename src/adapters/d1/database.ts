/** What is used of the binding of a D1 database. */
export interface D1Database {
  prepare(text: string): D1Statement
  /** One transaction: all statements take effect, or none. */
  batch(statements: D1Statement[]): Promise<readonly D1Result[]>
}

export interface D1Statement {
  bind(...values: unknown[]): D1Statement
  all(): Promise<D1Result>
}

export interface D1Result {
  readonly results: readonly unknown[]
}

/** Text with `?` for each value, as D1 takes it. */
export interface D1Query {
  readonly text: string
  readonly values: readonly D1Value[]
}

export type D1Value = string | number | null | Uint8Array

export function prepared(database: D1Database, { text, values }: D1Query): D1Statement {
  const statement = database.prepare(text)
  return values.length > 0 ? statement.bind(...values) : statement
}
