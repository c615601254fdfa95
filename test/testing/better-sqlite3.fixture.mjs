import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { betterSqlite3 } from 'unplugin-migrations/adapters/better-sqlite3'

const fileOf = (key) => join(process.env.TESTING_FOLDER, `${key}.db`)

export async function open(key) {
  const database = new Database(fileOf(key))
  return {
    adapter: betterSqlite3(database),
    isUntouched: async () => database.prepare('select name from sqlite_master').all().length === 0,
    damage: async () => void database.exec(`update unplugin_migrations set rest = '{' where serial = 2`),
    close: async () => void database.close(),
  }
}

export async function drop(key) {
  await rm(fileOf(key), { force: true })
}
