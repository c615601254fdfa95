import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Database from 'better-sqlite3'
import type { Query } from '@acme/images'

const folder = resolve(process.env['TRAVEL_DATA'] ?? 'data')

export const filesFolder: string = join(folder, 'files')
export const eventsFile: string = join(folder, 'events.json')

let connection: Database.Database | undefined

/** One connection for the migrations and the site, opened when the first of them asks. */
export function database(): Database.Database {
  if (connection !== undefined) return connection
  mkdirSync(folder, { recursive: true })
  connection = new Database(join(folder, 'travel.db'))
  connection.pragma('journal_mode = wal')
  return connection
}

export const query: Query = <Row>(text: string, ...values: readonly (string | number)[]) =>
  database()
    .prepare<unknown[], Row>(text)
    .all(...values)

export function closeDatabase(): void {
  connection?.close()
}
