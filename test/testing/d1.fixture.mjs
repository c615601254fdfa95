import { d1 } from 'unplugin-migrations/adapters/d1'

/** Other processes cannot reach what the test's own server has. */
export const isLocal = true

const databases = new Map()

export async function open(key) {
  // The test has the server. Whoever opens it at the same time gets the same one.
  if (!databases.has(key)) databases.set(key, globalThis.createTestingD1())
  const database = await databases.get(key)
  return {
    adapter: d1(database),
    isUntouched: async () => (await globalThis.tablesOfTestingD1(database)).length === 0,
    damage: async () =>
      void (await database.prepare(`update unplugin_migrations set rest = '{' where serial = 2`).run()),
    close: async () => {},
  }
}
