import type { Miniflare } from 'miniflare'
import { type D1Database, d1 } from '../../../src/adapters/d1.ts'
import { awaitAnswers } from '../../servers/answers-of-miniflare.ts'
import type { Place, StorageCase } from './storage-case.ts'

/** More than are in use at once: emptied when their turn comes again. */
const NAMES = Array.from({ length: 8 }, (_, index) => `DB${index}`)
const NOTHING = 'export default { fetch: () => new Response() }'

let workerd: Promise<Miniflare> | undefined
let used = 0

async function started(): Promise<Miniflare> {
  awaitAnswers()
  const { Miniflare: Driver } = await import('miniflare')
  return new Driver({ modules: true, script: NOTHING, d1Databases: NAMES, compatibilityDate: '2026-04-01' })
}

async function databaseAt({ name = '' }: Place): Promise<D1Database> {
  return (await (workerd ??= started())).getD1Database(name)
}

export const d1Case: StorageCase = {
  adapter: 'd1',
  kind: 'sql',
  unit: 'batch',
  reach: 'connections',
  always: [],
  errors: {
    lost: () => new Error('D1_ERROR: Network connection lost.'),
    busy: () => new Error('D1_ERROR: D1 DB is overloaded. Too many requests queued.'),
    error: () => new Error('D1_ERROR: Exceeded maximum DB size'),
  },
  async create() {
    const place = { name: NAMES[used++ % NAMES.length] ?? '' }
    const database = await databaseAt(place)
    const tables = ['effects', 'unplugin_migrations']
    await database.batch(tables.map((table) => database.prepare(`drop table if exists ${table}`)))
    return place
  },
  connect: async (place) => ({ adapter: d1(await databaseAt(place)), end: async () => {} }),
  async effects(place) {
    const database = await databaseAt(place)
    const tables = await database.prepare(`select name from sqlite_master where name = 'effects'`).all()
    if (tables.results.length === 0) return []
    const { results } = await database.prepare('select id from effects order by n, rowid').all()
    return results.map((row) => String((row as { readonly id: unknown }).id))
  },
  // Nothing stays open.
  leftovers: async () => [],
  async disconnect() {
    await (await workerd)?.dispose()
    workerd = undefined
  },
}
