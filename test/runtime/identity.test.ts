import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from './manifest.ts'

const users = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table users (a)' })
const cached = migration({ id: 'app:2', uses: { cache: 'kv' }, up: async ({ cache }) => cache.set('a', 1) })
const manifest = manifestOf([users, cached])

async function entriesOf(adapter: Adapter): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for await (const entry of adapter.log.read(-1)) entries.push(entry)
  return entries
}

it('D06 rebuilds a state that was lost from the logs of the targets', async () => {
  const adapters = { db: betterSqlite3(new Database(':memory:')), cache: memory() }
  await migrate(manifest, { adapters, state: memory() })
  const state = memory()
  expect(await migrate(manifest, { adapters, state })).toMatchObject({ applied: [], findings: [] })
  const entries = await entriesOf(state)
  expect(entries.map(({ kind, id }) => [kind, id])).toEqual([
    ['genesis', null],
    ['up', 'app:1'],
    ['up', 'app:2'],
    ['checked', null],
  ])
  const [genesis] = await entriesOf(adapters.db)
  expect(entries[0]?.data).toEqual(genesis?.data)
})

it('D07 D08 refuses a state without a log whose storage was wiped', async () => {
  const cache = memory()
  await migrate(manifest, { adapters: { db: betterSqlite3(new Database(':memory:')), cache }, state: 'db' })
  const wiped = new Database(':memory:')
  const run = migrate(manifest, { adapters: { db: betterSqlite3(wiped), cache }, state: 'db' })
  await expect(run).rejects.toMatchObject({ code: 'MIG_R0105', target: 'db' })
  expect(wiped.prepare('select * from sqlite_master').all()).toEqual([])
})

it('D07 D13 P13 refuses another storage behind a known name, wiped or not', async () => {
  const db = betterSqlite3(new Database(':memory:'))
  await migrate(manifest, { adapters: { db, cache: memory() }, state: 'db' })
  const run = migrate(manifest, { adapters: { db, cache: memory() }, state: 'db' })
  await expect(run).rejects.toMatchObject({ code: 'MIG_R0104', target: 'cache' })
})

it('N08 D05 refuses a target of another installation', async () => {
  const cache = memory()
  await migrate(manifest, { adapters: { db: betterSqlite3(new Database(':memory:')), cache }, state: 'db' })
  const db = betterSqlite3(new Database(':memory:'))
  await migrate(manifestOf([users]), { adapters: { db }, state: 'db' })
  await expect(migrate(manifest, { adapters: { db, cache }, state: 'db' })).rejects.toMatchObject({ code: 'MIG_R0103' })
})

it('V12 refuses a clone that is told apart by `env`', async () => {
  const db = betterSqlite3(new Database(':memory:'))
  await migrate(manifestOf([users]), { adapters: { db }, state: 'db', env: 'production' })
  const staging = migrate(manifestOf([users]), { adapters: { db }, state: 'db', env: 'staging' })
  await expect(staging).rejects.toMatchObject({ code: 'MIG_R0103' })
})

it('V11 refuses a target that is behind its record', async () => {
  const state = memory()
  const database = new Database(':memory:')
  const before = database.serialize()
  const adapters = { db: betterSqlite3(database) }
  await migrate(manifestOf([users]), { adapters, state })
  const afterFirst = database.serialize()
  const more = manifestOf([users, migration({ id: 'app:3', uses: { db: 'sql' }, sql: 'create table more (a)' })])
  await migrate(more, { adapters, state })
  const restored = { db: betterSqlite3(new Database(afterFirst)) }
  await expect(migrate(more, { adapters: restored, state })).rejects.toMatchObject({ code: 'MIG_R0106', target: 'db' })
  const emptied = { db: betterSqlite3(new Database(before)) }
  await expect(migrate(more, { adapters: emptied, state })).rejects.toMatchObject({ code: 'MIG_R0104', target: 'db' })
})

it('writes the record that a runner could not write after its commit', async () => {
  const state = memory()
  const adapters = { db: betterSqlite3(new Database(':memory:')) }
  let isDown = false
  const failing: Adapter = {
    ...state,
    log: {
      ...state.log,
      append: async (entries) => {
        if (isDown && entries[0]?.kind === 'up') throw new Error('the state store is down')
        return state.log.append(entries)
      },
    },
  }
  isDown = true
  const run = migrate(manifestOf([users]), { adapters, state: failing })
  await expect(run).rejects.toMatchObject({ code: 'MIG_R0207', applied: ['app:1'], notApplied: [] })
  expect(await migrate(manifestOf([users]), { adapters, state })).toMatchObject({ applied: [] })
  expect((await entriesOf(state)).map(({ kind }) => kind)).toEqual(['genesis', 'up', 'checked'])
})

it('V14 D05 stops at a log that a newer version wrote, and at one that is damaged, and changes neither', async () => {
  const database = new Database(':memory:')
  const options = { adapters: { db: betterSqlite3(database) }, state: 'db' as const }
  await migrate(manifestOf([users]), options)
  const dump = (): unknown => database.prepare('select * from unplugin_migrations').all()
  const cases: readonly (readonly [string, string])[] = [
    [`update unplugin_migrations set kind = 'future' where serial = 1`, 'MIG_R0107'],
    [`update unplugin_migrations set done = 0 where serial = 1`, 'MIG_R0212'],
    [`update unplugin_migrations set rest = '{"ms":' where serial = 1`, 'MIG_R0221'],
    [`update unplugin_migrations set serial = 7 where serial = 1`, 'MIG_R0221'],
    [`delete from unplugin_migrations where serial = 0`, 'MIG_R0221'],
    [`delete from unplugin_migrations`, 'MIG_R0221'],
    [`update unplugin_migrations set rest = '{}' where serial = 1`, 'MIG_R0221'],
    [`alter table unplugin_migrations rename column rest to more`, 'MIG_R0221'],
    [`alter table unplugin_migrations rename column serial to number`, 'MIG_R0222'],
  ]
  for (const [damage, code] of cases) {
    database.exec(`savepoint damage; ${damage}`)
    const before = dump()
    const more = manifestOf([users, migration({ id: 'app:3', uses: { db: 'sql' }, sql: 'create table more (a)' })])
    await expect(migrate(more, options), damage).rejects.toMatchObject({ code })
    expect(dump()).toEqual(before)
    database.exec('rollback to damage; release damage')
  }
  expect((await migrate(manifestOf([users]), options)).outcome).toBe('current')
})
