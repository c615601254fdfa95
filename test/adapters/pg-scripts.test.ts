import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory.ts'
import { pg } from '../../src/adapters/pg.ts'
import { pglite } from '../../src/adapters/pglite.ts'
import scripts from '../../src/adapters/postgres/scripts.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { hooks } from '../../src/runtime/hooks.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent, Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { PostgresWire } from '../servers/postgres-wire.ts'
import { usePostgres } from '../servers/postgres.ts'
import { entriesOf } from '../../src/testing/log-entries.ts'

const server = usePostgres()
const pools: Pool[] = []
let url = ''
let pool: Pool
let wire: PostgresWire
beforeEach(async () => {
  url = await server.createDatabase()
  wire = await PostgresWire.before(url)
  pool = connect(url)
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((open) => open.end()))
  await wire.close()
})

function connect(connectionString: string, more: object = {}): Pool {
  const opened = new Pool({ connectionString, ...more })
  opened.on('error', () => {})
  pools.push(opened)
  return opened
}

const optionsFor = (one: Pool = pool): Options<'db'> => ({ adapters: { db: pg(one) }, state: 'db' })

const together = (migrations: readonly TestMigration[]): Manifest => ({ ...manifestOf(migrations), scripts })

function script(number: number, sql: string, more: Partial<TestMigration> = {}): TestMigration {
  return migration({ id: `app:${String(number).padStart(4, '0')}`, uses: { db: 'sql' }, sql, ...more })
}

const tables = (count: number): readonly TestMigration[] =>
  Array.from({ length: count }, (_, number) => script(number, `create table t${number} (a integer)`))

async function rows(text: string, one: Pool = pool): Promise<readonly unknown[]> {
  return (await one.query({ text, rowMode: 'array' })).rows.flat()
}

const ids = async (): Promise<readonly (string | null)[]> =>
  (await entriesOf(pg(pool))).flatMap(({ kind, id, done }) => (kind === 'up' && done ? [id] : []))

describe('scripts in few messages', () => {
  it('take as many round trips with 100 as with 2, and one each without', async () => {
    const trips = async (build: typeof together, count: number): Promise<number> => {
      await pool.query('drop schema public cascade; create schema public')
      const migrations = tables(count)
      await migrate(build(migrations.slice(0, 1)), optionsFor())
      const one = new Pool({ connectionString: wire.url })
      wire.roundTrips = 0
      await migrate(build(migrations), optionsFor(one))
      await one.end()
      return wire.roundTrips
    }
    // Head, log until nothing is new, the first entry, and all the rest.
    expect(await trips(together, 101)).toBe(5)
    expect(await trips(together, 3)).toBe(5)
    expect(await trips(manifestOf, 21)).toBe(3 + 3 * 20)
  })

  it('hold what is destructive too', async () => {
    const destructive = { traits: { destructive: true } } as const
    const one = new Pool({ connectionString: wire.url })
    await migrate(
      together([...tables(3), script(3, 'drop table t2', destructive), script(4, '-- none')]),
      optionsFor(one),
    )
    await one.end()
    expect(await ids()).toHaveLength(5)
    expect(wire.roundTrips).toBeLessThanOrEqual(8)
  })

  it('leave a log as if they had run alone, but for the time they took', async () => {
    const migrations = [
      script(0, 'create table a (a integer)'),
      script(1, 'select pg_sleep(0.2)'),
      script(2, '-- none'),
    ]
    const shapes: unknown[] = []
    for (const manifest of [manifestOf(migrations), together(migrations)]) {
      await pool.query('drop schema public cascade; create schema public')
      const { applied } = await migrate(manifest, optionsFor())
      expect(applied.map(({ id }) => id)).toEqual(migrations.map(({ id }) => id))
      const entries = await entriesOf(pg(pool))
      const ms = entries.flatMap(({ data }) => (data as { ms?: number }).ms ?? [])
      expect(ms.filter((time) => time >= 200)).toHaveLength(1)
      expect(applied.map((one) => one.ms)).toEqual(ms)
      shapes.push(
        entries.map(({ serial, kind, id, generation, hash, done, satisfied, data }) => {
          return { serial, kind, id, generation, hash, done, keys: satisfied.length, fields: Object.keys(Object(data)) }
        }),
      )
      expect(await migrate(manifest, optionsFor())).toMatchObject({ outcome: 'current' })
    }
    expect(shapes[1]).toEqual(shapes[0])
  })

  it('tell of each', async () => {
    const events: MigrationEvent[] = []
    await migrate(together(tables(3)), { ...optionsFor(), onEvent: (event) => void events.push(event) })
    const count = (type: MigrationEvent['type']): number => events.filter((event) => event.type === type).length
    expect(['started', 'committed', 'applied'].map((type) => count(type as MigrationEvent['type']))).toEqual([3, 3, 3])
  })

  it('stop at the one that fails, which is named', async () => {
    const manifest = together([
      ...tables(3),
      script(3, 'create table t3 (a integer); select 1/0'),
      script(4, 'select 1'),
    ])
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({
      code: 'MIG_R0201',
      id: 'app:0003',
      applied: ['app:0000', 'app:0001', 'app:0002'],
      notApplied: ['app:0003', 'app:0004'],
    })
    expect(await rows(`select to_regclass('t3')`)).toEqual([null])
    const mended = together([...tables(3), script(3, 'create table t3 (a integer)'), script(4, 'select 1')])
    expect((await migrate(mended, optionsFor())).applied).toHaveLength(2)
  })

  it('that cannot be parsed name themselves too', async () => {
    const manifest = together([...tables(2), script(2, 'creat table t2 (a integer)'), script(3, 'select 1')])
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({
      id: 'app:0002',
      applied: ['app:0000', 'app:0001'],
    })
  })

  it.each([
    ['a quote', `insert into t0 values ('1`, `'); create table swallowed (a integer)`],
    ['a comment', 'create table a (a integer) /*', '*/; create table swallowed (a integer)'],
    ['a dollar quote', 'do $$ begin null; end', '$$; create table swallowed (a integer)'],
    ['a line comment at the end', 'create table a (a integer) --', 'creat'],
  ])('that swallow what follows, by %s, take no effect', async (_, one, other) => {
    const manifest = together([...tables(1), script(1, one), script(2, other)])
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0201' })
    expect(await rows(`select to_regclass('swallowed')`)).toEqual([null])
    const applied = await ids()
    expect((await rows(`select to_regclass('a') is not null`))[0]).toBe(applied.includes('app:0001'))
  })

  it.each([
    ['ended', 'create table half (a integer);/**/commit', 'MIG_R0211'],
    ['ended by a procedure', 'create table half (a integer); call leave(); select 1', 'MIG_R0201'],
    ['ended where the refusal does not look', 'create table half (a integer); end; select 1', 'MIG_R0212'],
  ])('whose transaction is %s are found out', async (_, text, code) => {
    await pool.query('create procedure leave() language plpgsql as $$ begin commit; end $$')
    const manifest = together([...tables(2), script(2, text), script(3, 'create table never (a integer)')])
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code, id: 'app:0002' })
    expect(await ids()).toEqual(['app:0000', 'app:0001'])
    expect(await rows(`select to_regclass('never')`)).toEqual([null])
  })

  it('run between others that are not scripts, on their storages, in order', async () => {
    const seen: unknown[] = []
    const look = async ({ db }: { readonly db: Sql }): Promise<void> => {
      seen.push(...(await db.rows<{ count: number }>`select count(*)::int as count from line`))
    }
    const line = (number: number, more: Partial<TestMigration> = {}): TestMigration =>
      script(number, `insert into line values (${number})`, more)
    const manifest = together([
      script(0, 'create table line (number integer)'),
      line(1),
      migration({ id: 'app:0002', uses: { db: 'sql' }, up: look }),
      line(3),
      line(4),
      migration({ id: 'app:0005', uses: { db: 'sql', kv: 'kv' }, up: look }),
      line(6, { traits: { idempotent: true } }),
      line(7),
      line(8),
      migration({ id: 'app:0009', uses: { kv: 'kv' }, up: async ({ kv }) => kv.set('a', 1) }),
      line(10),
    ])
    const { applied } = await migrate(manifest, { adapters: { db: pg(pool), kv: memory() }, state: 'db' })
    expect(applied).toHaveLength(11)
    expect(seen).toEqual([{ count: 1 }, { count: 3 }])
    expect(await rows('select number from line')).toEqual([1, 3, 4, 6, 7, 8, 10])
    expect((await ids()).filter((id) => id !== 'app:0009')).toEqual(
      applied.flatMap(({ id }) => (id === 'app:0009' ? [] : id)),
    )
  })

  it('that depend on one that was skipped wait with it', async () => {
    const skipped = migration({
      id: 'app:0001',
      uses: { db: 'sql' },
      has: ['up', 'when'],
      load: async () => ({ default: { when: async () => false, up: async () => {} } }),
    })
    const after = (number: number): TestMigration =>
      script(number, `create table t${number} (a integer)`, { dependsOn: ['app:0001'], follows: [] })
    const manifest = together([...tables(1), skipped, after(2), after(3)])
    await migrate(manifest, optionsFor())
    expect(await ids()).toEqual(['app:0000'])
  })

  it('are recorded by a state store in another storage', async () => {
    const kv = memory()
    const manifest = together(tables(5))
    const options = { adapters: { db: pg(pool), kv }, state: 'kv' } as const
    expect((await migrate(manifest, options)).applied).toHaveLength(5)
    expect((await entriesOf(kv)).filter(({ kind }) => kind === 'up')).toHaveLength(5)
    expect(await migrate(manifest, options)).toMatchObject({ outcome: 'current' })
  })

  it('run alone where a hook is to be called before or after each', async () => {
    const calls: string[] = []
    const note = (event: MigrationEvent): void => void calls.push(`${event.type} ${'id' in event ? event.id : ''}`)
    await migrate(together(tables(2)), { ...optionsFor(), hooks: hooks({ beforeEach: note, afterEach: note }) })
    expect(calls).toEqual(['started app:0000', 'applied app:0000', 'started app:0001', 'applied app:0001'])
  })

  it('run in PGlite too', async () => {
    const database = new PGlite()
    const options = { adapters: { db: pglite(database) }, state: 'db' } as const
    const broken = together([...tables(3), script(3, 'select 1/0'), script(4, 'select 1')])
    await expect(migrate(broken, options)).rejects.toMatchObject({ id: 'app:0003' })
    expect((await migrate(together(tables(9)), options)).applied).toHaveLength(6)
  })
})

describe('the session of scripts', () => {
  const dump = script(
    0,
    `select pg_catalog.set_config('search_path', '', false); set lock_timeout = 0; set statement_timeout = 60000; set work_mem = 1024; create table public.one (a integer)`,
  )

  it.each([
    ['in one message', together],
    ['one by one', manifestOf],
  ])('is as the pool made it for each, and for the pool afterwards: %s', async (_, build) => {
    await pool.query(`create role ${owner()}; grant all on schema public to ${owner()}`)
    const one = connect(url, { max: 1 })
    const setUp = [
      `set role ${owner()}`,
      'set statement_timeout = 71000',
      `set work_mem = '77MB'`,
      `set search_path = '$user', public, "a,""b"`,
    ]
    one.on('connect', (client) => void client.query(setUp.join(';')))
    const told = `select current_user, current_setting('work_mem') w, current_setting('search_path') p`
    const before = await rows(told, one)
    const watch = script(1, `create table told as ${told}`)
    const role = script(2, 'reset role; set session authorization default; set datestyle = german')
    const roleAfter = script(3, 'create table after as select current_user, current_setting($$datestyle$$) as style')
    const broken = script(4, 'set work_mem = 1024; select 1/0')
    await expect(migrate(build([dump, watch, role, roleAfter, broken]), optionsFor(one))).rejects.toMatchObject({
      id: 'app:0004',
    })
    expect(await rows('select * from told', one)).toEqual(before)
    expect(await rows('select * from after', one)).toEqual([owner(), 'ISO, MDY'])
    expect(await rows(told, one)).toEqual(before)
    const left = `select name from pg_settings where source = 'session' order by name`
    expect(await rows(left, one)).toEqual(['search_path', 'statement_timeout', 'work_mem'])
    expect(await rows('show statement_timeout', one)).toEqual(['71s'])
    await one.end()
    pools.splice(pools.indexOf(one), 1)
    await pool.query(`drop owned by ${owner()}; drop role ${owner()}`)
  })

  it.each([
    ['in one message', together],
    ['one by one', manifestOf],
  ])('is not left with another role, which is no setting that PostgreSQL lists: %s', async (_, build) => {
    const role = owner()
    await pool.query(`create role ${role}; grant all on schema public to ${role}`)
    const one = connect(url, { max: 1 })
    await migrate(
      build([...tables(2), script(2, `grant all on unplugin_migrations to ${role}; set role ${role}`)]),
      optionsFor(one),
    )
    expect(await rows('select current_user', one)).toEqual(['postgres'])
    await pool.query(`drop owned by ${role}; drop role ${role}`)
  })

  const owner = (): string => `owner_${new URL(url).pathname.slice(1)}`
})

describe('scripts of many runs at once', () => {
  it('take effect once, and all runs end well', async () => {
    const manifest = together([
      script(0, 'create table effects (number integer)'),
      ...Array.from({ length: 40 }, (_, number) => script(number + 1, `insert into effects values (${number})`)),
    ])
    const runs = Array.from({ length: 6 }, () => migrate(manifest, optionsFor(connect(url))))
    const applied = (await Promise.all(runs)).flatMap((result) => result.applied.map(({ id }) => id))
    expect(applied.toSorted()).toEqual(manifest.migrations.map(({ id }) => id))
    expect(await rows('select number from effects')).toEqual(Array.from({ length: 40 }, (_, number) => number))
  })

  it('take effect in each run where each has a log of its own: it is the log that they have in common', async () => {
    await pool.query('create table effects (number integer)')
    const manifest = together([1, 2, 3].map((number) => script(number, `insert into effects values (${number})`)))
    const runs = ['one', 'two', 'three'].map((table) =>
      migrate(manifest, { adapters: { db: pg(connect(url), { table }) }, state: 'db' }),
    )
    await Promise.all(runs)
    expect((await rows('select number from effects order by number')).length).toBe(9)
  })
})

describe('P04 a connection that is lost while scripts run', () => {
  const effects = together([
    script(0, 'create table effects (number integer)'),
    ...[1, 2, 3].map((number) => script(number, `insert into effects values (${number})`)),
  ])

  it.each([
    ['request', /BEGIN/],
    ['answer', /BEGIN/],
    ['request', /values \(1\)/],
    ['answer', /values \(1\)/],
  ] as const)('%s of %s', async (lost, message) => {
    wire.loss = { lost, message }
    const { applied } = await migrate(effects, optionsFor(connect(wire.url)))
    expect(wire.loss, 'the connection was cut').toBeUndefined()
    expect(applied.map(({ id }) => id)).toEqual(effects.migrations.map(({ id }) => id))
    expect(await rows('select number from effects')).toEqual([1, 2, 3])
    expect(await ids()).toHaveLength(4)
  })

  it('while the server goes on: what it commits still is told, and nothing more of it follows', async () => {
    const slow = together([
      ...effects.migrations.slice(0, 1).map(({ id }) => script(0, 'create table effects (number integer)', { id })),
      script(1, 'insert into effects values (1); select pg_sleep(0.6)'),
      script(2, 'insert into effects values (2)'),
      script(3, 'insert into effects values (3)'),
    ])
    const far = connect(wire.url)
    const run = migrate(slow, optionsFor(far))
    const isAsleep = `select count(*)::int from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`
    while ((await rows(isAsleep))[0] === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    // The server does not know: it hears of it when it sends its answer.
    wire.cut()
    const { applied } = await run
    expect(applied.map(({ id }) => id)).toEqual(slow.migrations.map(({ id }) => id))
    expect(await rows('select number from effects')).toEqual([1, 2, 3])
  })
})
