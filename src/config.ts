import type { Options } from './runtime/options.ts'

/**
 * What the server and the command line share. `make` is called when the configuration is first used, and once, so that
 * importing it connects to nothing.
 *
 * @example
 * export default defineConfig(() => ({ adapters: { db: betterSqlite3(new Database(file)) }, state: 'db' }))
 */
export function defineConfig<Name extends string>(make: () => Options<Name>): () => Options<Name> {
  let made: Options<Name> | undefined
  return () => (made ??= make())
}
