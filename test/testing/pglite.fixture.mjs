import { PGlite } from '@electric-sql/pglite'
import { pglite } from 'unplugin-migrations/adapters/pglite'

/** One process has one database, and one session of it. */
export const isLocal = true

const TABLES = `select 1 from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'public'`

// To make one takes longer than a case does: each case finds the same, emptied by the one before.
let database
let current

export async function open(key) {
  if ((current ??= key) !== key) throw new Error(`${current} is still there, and ${key} is to be another storage`)
  database ??= new PGlite()
  return {
    adapter: pglite(database),
    isUntouched: async () => (await database.query(TABLES)).rows.length === 0,
    damage: async () => void (await database.exec(`update unplugin_migrations set rest = '{' where serial = 2`)),
    close: async () => {},
  }
}

export async function drop() {
  for (const text of ['rollback', 'discard all', 'drop schema public cascade; create schema public'])
    await database.exec(text)
  current = undefined
}
