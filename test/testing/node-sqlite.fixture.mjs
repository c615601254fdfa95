import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { nodeSqlite } from 'unplugin-migrations/adapters/node-sqlite'

const fileOf = (key) => join(process.env.TESTING_FOLDER, `${key}.db`)

/** In the journal mode that TESTING_JOURNAL says. */
export async function open(key) {
  const database = new DatabaseSync(fileOf(key))
  database.exec(`pragma journal_mode = ${process.env.TESTING_JOURNAL}`)
  return {
    adapter: nodeSqlite(database),
    isUntouched: async () => database.prepare('select name from sqlite_master').all().length === 0,
    damage: async () => void database.exec(`update unplugin_migrations set rest = '{' where serial = 2`),
    close: async () => void (database.isOpen && database.close()),
  }
}

export async function drop(key) {
  for (const end of ['', '-wal', '-shm', '-journal']) await rm(`${fileOf(key)}${end}`, { force: true })
}
