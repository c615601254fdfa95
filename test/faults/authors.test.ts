import { describe, expect, it } from 'vitest'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Result } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { useServers } from './servers.ts'
import { caseOf } from './storages/cases.ts'
import type { Place, StorageCase } from './storages/storage-case.ts'

const servers = useServers(false)

/** What drivers have in common. */
interface Raw {
  exec?(text: string): unknown
  query(text: string): Promise<unknown>
}

// D1 has no transaction to end, and MySQL's definitions end every one: their own tests tell of these.
const TRANSACTIONAL = ['better-sqlite3', 'pg', 'pglite']
const sqlCases = TRANSACTIONAL.map((adapter) => [adapter, caseOf(adapter)] as const)

/** Their drivers answer later, and their sessions have a search path. */
const later = sqlCases.filter(([name]) => name !== 'better-sqlite3')

const table = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table effects (n integer, id varchar(100))' })
const next = (up: (db: Sql) => Promise<unknown>): TestMigration =>
  migration({ id: 'app:2', uses: { db: 'sql' }, up: async ({ db }) => void (await up(db)) })
const sound = next((db) => db.run`insert into effects values (2, 'app:2')`)

async function run(storage: StorageCase, place: Place, second: TestMigration): Promise<Result> {
  const { adapter, end } = await storage.connect(place)
  try {
    return await migrate(manifestOf([table, second]), { adapters: { db: adapter }, state: 'db', wait: 3000 })
  } finally {
    await end()
  }
}

const forgetful = next(async (db) => {
  void db.run`insert into effects values (2, 'app:2')`.catch(() => {})
})

it('C16 with a driver that answers at once nothing is lost by a migration that forgets to await', async () => {
  const storage = caseOf('better-sqlite3')
  const place = await storage.create(servers())
  await run(storage, place, forgetful)
  expect(await storage.effects(place)).toEqual(['app:2'])
})

describe.each(later)('calls that are not awaited, on %s', (_, storage) => {
  it('C16 a migration that forgets to await fails, nothing of it stays, and mended it runs', async () => {
    const place = await storage.create(servers())
    await expect(run(storage, place, forgetful)).rejects.toMatchObject({ code: 'MIG_R0209', id: 'app:2' })
    expect(await storage.effects(place)).toEqual([])
    expect((await run(storage, place, sound)).applied.map(({ id }) => id)).toEqual(['app:2'])
    expect(await storage.effects(place)).toEqual(['app:2'])
    expect(await storage.leftovers(place)).toEqual([])
  })
})

describe.each(sqlCases)('transactions that are ended, on %s', (_, storage) => {
  it('C17 a migration that ends its transaction through its handle is refused, and mended it runs', async () => {
    const place = await storage.create(servers())
    const ending = next(async (db) => {
      await db.run`insert into effects values (2, 'app:2')`
      await db.script('/* done */ commit')
    })
    await expect(run(storage, place, ending)).rejects.toMatchObject({ code: 'MIG_R0211', id: 'app:2' })
    expect(await storage.effects(place)).toEqual([])
    await run(storage, place, sound)
    expect(await storage.effects(place)).toEqual(['app:2'])
  })

  it('C17 a migration that ends its transaction behind its handle is found out, and never runs again', async () => {
    const place = await storage.create(servers())
    const escaping = next(async (db) => {
      await db.run`insert into effects values (2, 'app:2')`
      const raw = db.raw as Raw
      await (raw.exec ? raw.exec('commit') : raw.query('commit'))
    })
    for (const again of [escaping, sound])
      await expect(run(storage, place, again)).rejects.toMatchObject({ code: 'MIG_R0212' })
    expect(await storage.effects(place)).toEqual(['app:2'])
    expect(await storage.leftovers(place)).toEqual([])
  })
})

describe.each(later)('settings of a session, on %s', (_, storage) => {
  it('C17 a migration that changes the search path changes it for nobody after it', async () => {
    const place = await storage.create(servers())
    const lost = next((db) => db.script(`set search_path = pg_catalog`))
    const { adapter, end } = await storage.connect(place)
    const third = migration({
      id: 'app:3',
      uses: { db: 'sql' },
      up: async ({ db }) => db.run`insert into effects values (3, 'app:3')`,
    })
    await migrate(manifestOf([table, lost, third]), { adapters: { db: adapter }, state: 'db' })
    await end()
    expect(await storage.effects(place)).toEqual(['app:3'])
  })
})
