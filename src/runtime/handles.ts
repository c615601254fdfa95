/** What can be stored in a log entry, a key-value storage and a migration's params. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/**
 * Kind → handle that a migration receives. Kinds are global words. A bridge adds one by augmentation:
 * `declare module 'unplugin-migrations/runtime' { interface Kinds { kysely: Kysely<unknown> } }`.
 */
export interface Kinds {
  sql: Sql
  files: Files
  kv: KeyValue
}
export type Kind = keyof Kinds & string

export type SqlDialect = 'postgres' | 'sqlite' | 'mysql'
export type SqlValue = string | number | bigint | boolean | null | Uint8Array

/** SQL inside the migration's transaction. Placeholders are the adapter's business; values come back as the driver gives them. */
export interface Sql {
  readonly dialect: SqlDialect
  rows<Row>(text: TemplateStringsArray, ...values: readonly SqlValue[]): Promise<readonly Row[]>
  run(text: TemplateStringsArray, ...values: readonly SqlValue[]): Promise<void>
  /** Text without values, several statements allowed. Transaction control inside is refused (`MIG_R0211`). */
  script(text: string): Promise<void>
  /** The driver's own handle, inside the transaction. What is done to its transaction through it cannot be refused, only detected. */
  readonly raw: unknown
}

/**
 * A tree of files. Writes are deferred: reads see the storage as it was before this migration, and everything changes
 * when the migration is committed. Paths are relative to the root, with `/`, without `..`.
 */
export interface Files {
  read(path: string): Promise<Uint8Array>
  /** Paths of regular files whose path starts with `prefix`, in no order that may be relied on. */
  list(prefix?: string): AsyncIterable<string>
  write(path: string, bytes: Uint8Array): Promise<void>
  move(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
}

/** Keys and JSON values. Writes are deferred as with `Files`. */
export interface KeyValue {
  get(key: string): Promise<Json | undefined>
  keys(prefix?: string): AsyncIterable<string>
  set(key: string, value: Json): Promise<void>
  delete(key: string): Promise<void>
}
