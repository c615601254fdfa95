import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'
import { plan } from '../../src/runtime/plan.ts'
import { status } from '../../src/runtime/status.ts'
import { manifestOf, migration } from './manifest.ts'

const createUsers = migration({
  id: 'app:0001_users',
  uses: { db: 'sql' },
  sql: 'create table users (id integer primary key, name text)',
})
const addAda = migration({
  id: 'app:0002_ada',
  uses: { db: 'sql' },
  up: async ({ db }) => db.run`insert into users (name) values (${'Ada'})`,
})
const countUsers = migration({
  id: 'app:0003_count',
  uses: { db: 'sql', cache: 'kv' },
  up: async ({ db, cache }) => {
    const [row] = await db.rows<{ count: number }>`select count(*) as count from users`
    await cache.set('users', row?.count ?? null)
  },
})

describe('migrate', () => {
  it('runs SQL texts, modules, and units over two storages, and nothing the second time', async () => {
    const database = new Database(':memory:')
    const cache = new Map<string, Json>()
    const manifest = manifestOf([createUsers, addAda, countUsers])
    const options = { adapters: { db: betterSqlite3(database), cache: memory(cache) }, state: 'db' as const }
    const result = await migrate(manifest, options)
    expect(result).toMatchObject({ outcome: 'migrated', pending: [], findings: [] })
    expect(result.applied.map(({ id, target }) => `${id} ${target}`)).toEqual([
      'app:0001_users db',
      'app:0002_ada db',
      'app:0003_count db',
    ])
    expect(database.prepare('select name from users').all()).toEqual([{ name: 'Ada' }])
    expect(cache).toEqual(new Map([['users', 1]]))
    expect(await migrate(manifest, options)).toEqual({ outcome: 'current', applied: [], pending: [], findings: [] })
    expect(database.prepare('select name from users').all()).toHaveLength(1)
  })

  it('keeps its records in a storage of their own when the configuration says so', async () => {
    const database = new Database(':memory:')
    const state = memory()
    const options = { adapters: { db: betterSqlite3(database), cache: memory() }, state }
    await migrate(manifestOf([createUsers]), options)
    await migrate(manifestOf([createUsers, addAda, countUsers]), options)
    const kinds: string[] = []
    for await (const entry of state.log.read(-1)) kinds.push(`${entry.kind} ${entry.id ?? ''}`.trim())
    expect(kinds).toEqual(['genesis', 'up app:0001_users', 'up app:0002_ada', 'up app:0003_count'])
    expect((await migrate(manifestOf([createUsers, addAda, countUsers]), options)).outcome).toBe('current')
  })

  it('tells of each step as it happens', async () => {
    const events: string[] = []
    const onEvent = (event: MigrationEvent): void =>
      void events.push('id' in event ? `${event.type} ${event.id}` : event.type)
    await migrate(manifestOf([createUsers, countUsers]), {
      adapters: { db: betterSqlite3(new Database(':memory:')), cache: memory() },
      state: 'db',
      onEvent,
    })
    expect(events).toEqual([
      'planned',
      'started app:0001_users',
      'committed app:0001_users',
      'applied app:0001_users',
      'started app:0003_count',
      'committed app:0003_count',
      'settled app:0003_count',
      'applied app:0003_count',
      'ended',
    ])
  })

  it('C15 changes nothing when a migration throws, keeps what was applied, and goes on after it is mended (golang-migrate called it dirty)', async () => {
    const database = new Database(':memory:')
    const cache = new Map<string, Json>([['users', 'old']])
    const options = { adapters: { db: betterSqlite3(database), cache: memory(cache) }, state: 'db' as const }
    const failing = migration({
      id: 'app:0003_count',
      uses: { db: 'sql', cache: 'kv' },
      up: async ({ db, cache: kv }) => {
        await db.run`insert into users (name) values (${'lost'})`
        await kv.set('users', 'new')
        throw new Error('boom')
      },
    })
    const error: unknown = await migrate(manifestOf([createUsers, addAda, failing]), options).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({
      code: 'MIG_R0201',
      id: 'app:0003_count',
      target: 'db',
      applied: ['app:0001_users', 'app:0002_ada'],
      notApplied: ['app:0003_count'],
      cause: { message: 'boom' },
    })
    expect(database.prepare('select name from users').all()).toEqual([{ name: 'Ada' }])
    expect(cache.get('users')).toBe('old')
    const result = await migrate(manifestOf([createUsers, addAda, countUsers]), options)
    expect(result.applied.map(({ id }) => id)).toEqual(['app:0003_count'])
    expect(cache.get('users')).toBe(1)
  })

  it('runs `verify` inside the transaction and refuses the change when it throws', async () => {
    const database = new Database(':memory:')
    const verified = migration({
      id: 'app:0002_ada',
      uses: { db: 'sql' },
      up: async ({ db }) => db.run`insert into users (name) values (${null})`,
      verify: async ({ db }) => {
        const rows = await db.rows`select 1 from users where name is null`
        if (rows.length > 0) throw new Error('a user without a name')
      },
    })
    const run = migrate(manifestOf([createUsers, verified]), { adapters: { db: betterSqlite3(database) }, state: 'db' })
    await expect(run).rejects.toMatchObject({ code: 'MIG_R0201', cause: { message: 'a user without a name' } })
    expect(database.prepare('select * from users').all()).toEqual([])
  })

  it('lists every role without a storage that fits, before anything runs', async () => {
    const variants = { ...createUsers, id: 'b:0001', uses: { db: 'sql' }, variants: ['postgres'] } as const
    const run = migrate(
      manifestOf([
        countUsers,
        migration({ id: 'a:1', uses: { cache: 'sql', blobs: 'files' }, up: async () => {} }),
        variants,
      ]),
      {
        adapters: { db: betterSqlite3(new Database(':memory:')), cache: memory() },
        state: 'db',
      },
    )
    const error: unknown = await run.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'MIG_R0101' })
    expect(String(error)).toContain('a: blobs (files): "blobs" is no adapter')
    expect(String(error)).toContain('a: cache (sql): "cache" is memory')
    expect(String(error)).toContain('b: db (sql,postgres): "db" is better-sqlite3')
  })

  it('maps roles with `bind`', async () => {
    const database = new Database(':memory:')
    await migrate(manifestOf([createUsers]), {
      adapters: { main: betterSqlite3(database) },
      state: 'main',
      bind: { app: { db: 'main' } },
    })
    expect(database.prepare('select count(*) as count from users').get()).toEqual({ count: 0 })
  })

  it('refuses a state store without compare-and-set, and one that is not there', async () => {
    const manifest = manifestOf([createUsers])
    const db = { ...betterSqlite3(new Database(':memory:')), state: null }
    await expect(migrate(manifest, { adapters: { db }, state: 'db' })).rejects.toMatchObject({ code: 'MIG_R0102' })
    const options = { adapters: { db }, state: 'elsewhere' as 'db' }
    await expect(migrate(manifest, options)).rejects.toMatchObject({ code: 'MIG_R0102' })
  })

  it('refuses a migration over two storages that can each only commit alone', async () => {
    const both = migration({ id: 'app:1', uses: { one: 'sql', two: 'sql' }, up: async () => {} })
    const adapters = { one: betterSqlite3(new Database(':memory:')), two: betterSqlite3(new Database(':memory:')) }
    await expect(migrate(manifestOf([both]), { adapters, state: 'one' })).rejects.toThrow(
      /one,two cannot commit together/,
    )
  })

  it('refuses a migration without any storage, which nothing could prove', async () => {
    const adapters = { db: betterSqlite3(new Database(':memory:')) }
    const nothing = manifestOf([createUsers, migration({ id: 'app:2', uses: {}, up: async () => {} })])
    await expect(migrate(nothing, { adapters, state: 'db' })).rejects.toThrow(/app:2: no storage/)
  })

  it('leaves an empty manifest and a storage without pending work untouched', async () => {
    const database = new Database(':memory:')
    const options = { adapters: { db: betterSqlite3(database) }, state: 'db' as const }
    expect((await migrate(manifestOf([]), options)).outcome).toBe('current')
    expect(await migrate(manifestOf([{ ...createUsers, held: true }]), options)).toMatchObject({
      outcome: 'current',
      pending: ['app:0001_users'],
    })
    expect(database.prepare('select name from sqlite_master').all()).toEqual([])
  })

  it('N04 two runs of one process on one client do each migration once', async () => {
    const database = new Database(':memory:')
    const options = { adapters: { db: betterSqlite3(database), cache: memory() }, state: 'db' as const }
    const manifest = manifestOf([createUsers, addAda, countUsers])
    const results = await Promise.all(Array.from({ length: 5 }, () => migrate(manifest, options)))
    expect(results.flatMap(({ applied }) => applied.map(({ id }) => id)).toSorted()).toEqual(
      manifest.migrations.map(({ id }) => id),
    )
    expect(database.prepare('select name from users').all()).toHaveLength(1)
  })

  it('stops at an aborted signal before it begins a migration', async () => {
    const controller = new AbortController()
    const stopping = { ...addAda, up: async () => controller.abort('enough') }
    const database = new Database(':memory:')
    const options = {
      adapters: { db: betterSqlite3(database), cache: memory() },
      state: 'db' as const,
      signal: controller.signal,
    }
    const run = migrate(manifestOf([createUsers, stopping, countUsers]), options)
    await expect(run).rejects.toMatchObject({
      code: 'MIG_R0206',
      applied: ['app:0001_users', 'app:0002_ada'],
      notApplied: ['app:0003_count'],
    })
  })
})

describe('plan and status', () => {
  it('read, and create nothing', async () => {
    const database = new Database(':memory:')
    const options = { adapters: { db: betterSqlite3(database), cache: memory() }, state: 'db' as const }
    const manifest = manifestOf([createUsers, addAda, countUsers])
    expect((await plan(manifest, options)).migrations).toEqual([
      { id: 'app:0001_users', targets: ['db'], when: 'now' },
      { id: 'app:0002_ada', targets: ['db'], when: 'now' },
      { id: 'app:0003_count', targets: ['db', 'cache'], when: 'now' },
    ])
    expect(database.prepare('select name from sqlite_master').all()).toEqual([])
    await migrate(manifestOf([createUsers]), options)
    expect((await status(manifest, options)).migrations.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'app:0001_users applied',
      'app:0002_ada pending',
      'app:0003_count pending',
    ])
    expect((await plan(manifest, options)).migrations.map(({ id }) => id)).toEqual(['app:0002_ada', 'app:0003_count'])
  })

  it('show what is destructive', async () => {
    const options = { adapters: { db: betterSqlite3(new Database(':memory:')) }, state: 'db' as const }
    const manifest = manifestOf([createUsers, { ...addAda, traits: { destructive: true } }])
    expect((await plan(manifest, options)).migrations).toEqual([
      { id: 'app:0001_users', targets: ['db'], when: 'now' },
      { id: 'app:0002_ada', targets: ['db'], when: 'now', destructive: true },
    ])
    await migrate(manifest, options)
    const { migrations } = await status(manifest, options)
    expect(migrations.map(({ destructive }) => destructive)).toEqual([undefined, true])
  })

  it('show what is held, and what waits behind it', async () => {
    const database = new Database(':memory:')
    const options = { adapters: { db: betterSqlite3(database), cache: memory() }, state: 'db' as const }
    const manifest = manifestOf([createUsers, { ...addAda, held: true }, countUsers])
    expect(await migrate(manifest, options)).toMatchObject({
      outcome: 'migrated',
      pending: ['app:0002_ada', 'app:0003_count'],
    })
    expect((await status(manifest, options)).migrations.map(({ state }) => state)).toEqual([
      'applied',
      'waiting',
      'waiting',
    ])
    expect((await migrate(manifest, { ...options, held: 'run' })).applied).toHaveLength(2)
  })
})
