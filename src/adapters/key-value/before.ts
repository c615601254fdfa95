import type { Json } from '../../runtime/handles.ts'

/**
 * A storage as one attempt sees it. A key that was read keeps its value, whatever others write meanwhile: what it is
 * compared with later must be what the migration decided by.
 */
export interface KeysBefore {
  /** In the order of `keys`. */
  get(keys: readonly string[]): Promise<readonly (Json | undefined)[]>
  /** Keys that begin with `prefix`, each once. */
  keys(prefix: string): AsyncIterable<string>
  /** @throws MigrationError for a key that cannot be one of the application's */
  check?(key: string): void
}

/** A storage that is read as a whole, when the first key is asked for. */
export function wholeBefore(read: () => Promise<ReadonlyMap<string, Json>>): KeysBefore {
  let data: ReturnType<typeof read> | undefined
  const whole = (): ReturnType<typeof read> => (data ??= read())
  return {
    async get(keys) {
      const values = await whole()
      return keys.map((key) => values.get(key))
    },
    async *keys(prefix) {
      for (const key of (await whole()).keys()) if (key.startsWith(prefix)) yield key
    },
  }
}
