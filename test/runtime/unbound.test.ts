import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { status } from '../../src/runtime/status.ts'
import { manifestOf, migration } from './manifest.ts'

const first = migration({
  id: 'activity:0001',
  uses: { events: 'kv' },
  up: async ({ events }) => events.set('visits', 7),
})
const moved = migration({
  id: 'activity:0002_to_sql',
  uses: { db: 'sql', events: 'kv' },
  up: async ({ db, events }) => {
    await db.run`create table visits (count integer)`
    await db.run`insert into visits values (${Number(await events.get('visits'))})`
    await events.delete('visits')
  },
})
const squash = migration({
  id: 'activity:0003_in_sql',
  uses: { db: 'sql' },
  replaces: ['activity:0001', 'activity:0002_to_sql'],
  sql: 'create table visits (count integer)',
})
const OLDER = manifestOf([first])
const MOVING = manifestOf([first, moved])
const NEWEST = manifestOf([squash])

function storages(): {
  readonly database: Database.Database
  readonly db: Adapter<'sql'>
  readonly events: Adapter<'kv'>
  readonly visits: () => unknown
} {
  const database = new Database(':memory:')
  const visits = (): unknown => database.prepare('select count from visits').pluck().all()
  return { database, db: betterSqlite3(database), events: memory(), visits }
}

it('knows that a squash is applied although a storage of what it replaces is gone', async () => {
  const { db, events, visits } = storages()
  await migrate(MOVING, { adapters: { db, events }, state: 'db' })
  const options = { adapters: { db }, state: 'db', unbound: ['events'] } as const
  expect(await migrate(NEWEST, options)).toMatchObject({ outcome: 'current', applied: [], findings: [] })
  const { findings, migrations } = await status(NEWEST, options)
  expect(findings).toEqual([])
  expect(migrations.map(({ state }) => state)).toEqual(['applied'])
  expect(visits()).toEqual([7])
})

it('never asks a fresh installation for it', async () => {
  const { db, visits } = storages()
  const result = await migrate(NEWEST, { adapters: { db }, state: 'db', unbound: ['events'] })
  expect(result.applied.map(({ id }) => id)).toEqual(['activity:0003_in_sql'])
  expect(visits()).toEqual([])
})

it('stops at an installation that skipped the release which moves the data', async () => {
  const { db, events, database } = storages()
  const state = memory()
  await migrate(OLDER, { adapters: { db, events }, state })
  const options = { adapters: { db }, state, unbound: ['events'] }
  await expect(migrate(NEWEST, options)).rejects.toMatchObject({ code: 'MIG_R0305', id: 'activity:0003_in_sql' })
  expect(database.prepare(`select name from sqlite_master where name = 'visits'`).all()).toEqual([])
})

it('stops where the configuration is silent about the storage, instead of running the squash as on a fresh one', async () => {
  const { db, events, database } = storages()
  const state = memory()
  await migrate(OLDER, { adapters: { db, events }, state })
  await expect(migrate(NEWEST, { adapters: { db }, state })).rejects.toMatchObject({
    code: 'MIG_R0109',
    id: 'activity:0001',
  })
  expect(database.prepare(`select name from sqlite_master where name = 'visits'`).all()).toEqual([])
})

it('does not mistake the storages of another tenant for its own', async () => {
  const state = memory()
  const one = storages()
  await migrate(MOVING, { adapters: { db: one.db, events: one.events }, state, tenant: 'one' })
  const two = storages()
  const result = await migrate(NEWEST, {
    adapters: { other: two.db },
    bind: { activity: { db: 'other' } },
    state,
    tenant: 'two',
  })
  expect(result.applied.map(({ id }) => id)).toEqual(['activity:0003_in_sql'])
})
