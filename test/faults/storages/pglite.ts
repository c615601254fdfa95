import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { pglite } from '../../../src/adapters/pglite.ts'
import { type Place, type StorageCase, coded, freshName } from './storage-case.ts'

const databases = new Map<string, Promise<PGlite>>()
let template: Promise<string> | undefined

async function opened(folder?: string): Promise<PGlite> {
  const { PGlite: Driver } = await import('@electric-sql/pglite')
  return Driver.create(folder)
}

/** A folder with a new database, made once: that takes seconds. */
async function newDatabase(folder: string): Promise<string> {
  const name = join(folder, 'pglite-template')
  await (await opened(name)).close()
  return name
}

/** Opened once in a process: that takes half a second. */
function databaseAt({ folder }: Place): Promise<PGlite> {
  const database = databases.get(folder ?? '') ?? opened(folder)
  databases.set(folder ?? '', database)
  return database
}

async function closeAt({ folder }: Place): Promise<void> {
  const database = await databases.get(folder ?? '')
  databases.delete(folder ?? '')
  await database?.close()
}

/** For processes a folder each; in this process one database in memory, emptied for each. */
export const pgliteCase: StorageCase = {
  adapter: 'pglite',
  kind: 'sql',
  unit: 'transaction',
  reach: 'one',
  // It runs in this process, on its only session.
  always: ['session.begin'],
  errors: {
    lost: () => coded('XX000', 'cache lookup failed'),
    busy: () => coded('55P03', 'could not obtain lock'),
    error: () => coded('53100', 'could not extend file: No space left on device'),
  },
  async create({ folder, processes }) {
    if (processes) {
      const name = join(folder, freshName())
      cpSync(await (template ??= newDatabase(folder)), name, { recursive: true })
      return { folder: name }
    }
    await (await databaseAt({})).exec('drop schema public cascade; create schema public')
    return {}
  },
  async connect(place) {
    const database = await databaseAt(place)
    return { adapter: pglite(database), end: async () => void (await database.exec('rollback; reset all')) }
  },
  async effects(place) {
    const database = await databaseAt(place)
    const there = await database.query<{ readonly name: string | null }>(`select to_regclass('effects') as name`)
    if (!there.rows[0]?.name) return []
    return (await database.query<{ readonly id: string }>('select id from effects order by n')).rows.map(({ id }) => id)
  },
  // Its only session ends with it.
  leftovers: async () => [],
  async remove(place) {
    if (place['folder'] === undefined) return
    await closeAt(place)
    rmSync(place['folder'], { recursive: true, force: true })
  },
  async disconnect() {
    for (const folder of databases.keys()) await closeAt(folder === '' ? {} : { folder })
    template = undefined
  },
}
