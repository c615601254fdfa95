import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { betterSqlite3 } from 'unplugin-migrations/adapters/better-sqlite3'
import type { SiteDatabase } from './database.ts'

/** A SQLite database in one file, which is made where it does not exist. */
export function sqlite(file: string): SiteDatabase {
  mkdirSync(dirname(file), { recursive: true })
  const connection = new Database(file)
  connection.pragma('journal_mode = wal')
  return {
    adapter: betterSqlite3(connection),
    async query<Row>(text: TemplateStringsArray, ...values: readonly (string | number)[]) {
      const statement = connection.prepare<unknown[], Row>(text.join('?'))
      if (statement.reader) return statement.all(...values)
      statement.run(...values)
      return []
    },
    async close() {
      connection.close()
    },
  }
}
