import { join, resolve } from 'node:path'
import type { Images, Query } from '@acme/images'
import { jsonFile } from 'unplugin-migrations/adapters/json-file'
import type { Adapter } from 'unplugin-migrations/runtime'
import type { SiteDatabase } from './database.ts'
import { postgres } from './postgres.ts'
import { sqlite } from './sqlite.ts'

const folder = resolve(process.env['TRAVEL_DATA'] ?? 'data')

export const filesFolder: string = join(folder, 'files')
export const avatarFilesFolder: string = join(folder, 'avatars')
export const eventsFile: string = join(folder, 'events.json')

/** Where the record of what was applied is kept: in the site's database, or in a file of its own. */
export const state: 'db' | Adapter =
  process.env['TRAVEL_STATE'] === undefined ? 'db' : jsonFile(process.env['TRAVEL_STATE'])

const open = new Map<string, SiteDatabase>()

/** PostgreSQL where TRAVEL_DATABASE_URL names one, else SQLite. Opened when the first asks. */
export function database(): SiteDatabase {
  const url = process.env['TRAVEL_DATABASE_URL']
  return opened('travel', () => (url === undefined ? sqlite(join(folder, 'travel.db')) : postgres(url)))
}

/** Opened when the first asks. */
export function avatarsDatabase(): SiteDatabase {
  return opened('avatars', () => sqlite(join(folder, 'avatars.db')))
}

function opened(name: string, make: () => SiteDatabase): SiteDatabase {
  const known = open.get(name)
  if (known !== undefined) return known
  const made = make()
  open.set(name, made)
  whenClosed(made.close)
  return made
}

export const query: Query = (text, ...values) => database().query(text, ...values)

/** The pictures of the places. */
export const images: Images = { query, folder: filesFolder }

/** The same component once more: the pictures of the travellers, in storages of their own. */
export const avatars: Images = {
  query: (text, ...values) => avatarsDatabase().query(text, ...values),
  folder: avatarFilesFolder,
}

const closing: (() => Promise<void>)[] = []

/** `close` is called when the site ends. */
export function whenClosed(close: () => Promise<void>): void {
  closing.push(close)
}

export async function closeStorages(): Promise<void> {
  for (const close of closing) await close()
}
