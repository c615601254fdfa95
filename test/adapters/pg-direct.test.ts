import { PGlite } from '@electric-sql/pglite'
import { Pool, type PoolClient } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pg } from '../../src/adapters/pg.ts'
import { pglite } from '../../src/adapters/pglite.ts'
import { directSession } from '../../src/adapters/postgres/direct/session.ts'
import { splitStatements } from '../../src/adapters/postgres/direct/split.ts'
import statements from '../../src/adapters/postgres/direct/strategy.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { PostgresWire } from '../servers/postgres-wire.ts'
import { usePostgres } from '../servers/postgres.ts'
import { entriesOf, entryAt } from '../../src/testing/log-entries.ts'

const server = usePostgres()
const pools: Pool[] = []
let url = ''
let pool: Pool
beforeEach(async () => {
  url = await server.createDatabase()
  pool = connect()
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((open) => open.end()))
})

function connect(connectionString = url, more: object = {}): Pool {
  const opened = new Pool({ connectionString, ...more })
  opened.on('error', () => {})
  pools.push(opened)
  return opened
}

const optionsFor = (one: Pool = pool): Options<'db'> => ({ adapters: { db: pg(one) }, state: 'db' })

async function rows(text: string, one: Pool = pool): Promise<readonly unknown[]> {
  return (await one.query({ text, rowMode: 'array' })).rows.flat()
}

type Handles = { readonly db: Sql }

const outside = { traits: { transaction: false } } as const
const sql = (id: string, text: string, more: Partial<TestMigration> = {}): TestMigration =>
  migration({ id: `app:${id}`, uses: { db: 'sql' }, sql: text, ...more })
const manifestWith = (...migrations: readonly TestMigration[]): Manifest => ({ ...manifestOf(migrations), statements })
const init = sql('0', 'create table effects (n integer)')
const pause = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms))

describe('outside of a transaction', () => {
  it('runs what PostgreSQL refuses inside of one, one statement at a time', async () => {
    const text = `insert into effects values (1), (2); -- a comment; not the end
create index concurrently if not exists by_n on effects (n);
vacuum effects;
insert into effects values (3)`
    const manifest = manifestWith(init, sql('1', text, outside))
    expect((await migrate(manifest, optionsFor())).applied).toHaveLength(2)
    expect(await rows('select n from effects')).toEqual([1, 2, 3])
    expect(await rows(`select indisvalid from pg_index where indexrelid = 'by_n'::regclass`)).toEqual([true])
    expect(await migrate(manifest, optionsFor())).toMatchObject({ outcome: 'current' })
    expect(
      await rows(
        'select count(*)::int from pg_locks where locktype = $$advisory$$ and database = (select oid from pg_database where datname = current_database())',
      ),
    ).toEqual([0])
  })

  it('is refused as ever without the trait', async () => {
    const manifest = manifestWith(init, sql('1', 'create index concurrently by_n on effects (n)'))
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0201', cause: { code: '25001' } })
  })

  it('goes on behind the statements that have run', async () => {
    const text = (last: string): string =>
      `insert into effects values (1); vacuum effects; insert into effects values (${last})`
    await expect(migrate(manifestWith(init, sql('1', text('1/0'), outside)), optionsFor())).rejects.toMatchObject({
      code: 'MIG_R0275',
      id: 'app:1',
    })
    expect(await rows('select n from effects')).toEqual([1])
    await migrate(manifestWith(init, sql('1', text('2'), outside)), optionsFor())
    expect(await rows('select n from effects')).toEqual([1, 2])
  })

  it('stops and asks where a statement that commits by itself lost its answer', async () => {
    const wire = await PostgresWire.before(url)
    const manifest = manifestWith(init, sql('1', 'insert into effects values (1); vacuum effects', outside))
    await migrate(manifestWith(init), optionsFor())
    wire.loss = { lost: 'answer', message: /vacuum effects/ }
    const far = connect(wire.url)
    await expect(migrate(manifest, optionsFor(far))).rejects.toMatchObject({ code: 'MIG_R0270', id: 'app:1' })
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0270', id: 'app:1' })
    expect(await rows('select n from effects')).toEqual([1])
    const idempotent = sql('1', 'insert into effects values (1); vacuum effects', {
      traits: { transaction: false, idempotent: true },
    })
    expect((await migrate(manifestWith(init, idempotent), optionsFor())).applied).toHaveLength(1)
    await far.end()
    pools.splice(pools.indexOf(far), 1)
    await wire.close()
  })

  it.each([
    ['call half()', 'P0001'],
    ['call half()', '40P01'],
    [`do $$ begin insert into effects values (1); commit; raise 'no'; end $$`, 'P0001'],
  ])('stops and asks where %s has done a part and failed (%s)', async (text, state) => {
    const body = `begin insert into effects values (1); commit; raise 'no' using errcode = '${state}'; end`
    const procedure = sql('1', `create procedure half() language plpgsql as $$ ${body} $$`)
    const manifest = manifestWith(init, procedure, sql('2', text, outside))
    const failed: unknown = await migrate(manifest, optionsFor()).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 'MIG_R0270', id: 'app:2', message: expect.stringContaining(': no') })
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0270', id: 'app:2' })
    expect(await rows('select n from effects')).toEqual([1])
  })

  it('binds values, answers rows, and finds out rows that write', async () => {
    const seen: unknown[] = []
    const up = async ({ db }: { readonly db: Sql }): Promise<void> => {
      await db.run`insert into effects values (${7})`
      seen.push(...(await db.rows`select n from effects where n = ${7}`))
      await db.rows`insert into effects values (8) returning n`.catch((error: unknown) => seen.push(error))
    }
    await migrate(manifestWith(init, migration({ id: 'app:1', uses: { db: 'sql' }, up, ...outside })), optionsFor())
    expect(seen).toMatchObject([{ n: 7 }, { code: 'MIG_R0274' }])
    expect(await rows('select n from effects')).toEqual([7])
  })

  it('keeps its settings from statement to statement, and out of the pool', async () => {
    const one = connect(url, { max: 2 })
    const before = await rows('show work_mem', one)
    const text = `set work_mem = '77MB'; vacuum effects; create table told as select current_setting('work_mem') as told`
    await migrate(manifestWith(init, sql('1', text, outside)), optionsFor(one))
    expect(await rows('select told from told', one)).toEqual(['77MB'])
    expect(await rows('show work_mem', one)).toEqual(before)
    expect(await rows(`select name from pg_settings where source = 'session'`, one)).toEqual([])
  })

  it('works with a pool of one connection', async () => {
    const one = connect(url, { max: 1 })
    const manifest = manifestWith(init, sql('1', 'vacuum effects', outside))
    expect((await migrate(manifest, optionsFor(one))).applied).toHaveLength(2)
  })

  it('is what one step of several may be', async () => {
    const steps = [
      { name: 'table', up: ({ db }: Handles) => db.run`create table big (n integer)` },
      { name: 'index', up: ({ db }: Handles) => db.run`create index concurrently by_n on big (n)` },
      { name: 'rows', up: ({ db }: Handles) => db.run`insert into big values (1)` },
    ]
    const traits = { steps: [{ name: 'table' }, { name: 'index', transaction: false }, { name: 'rows' }] } as const
    const load = async (): Promise<unknown> => ({ default: { steps } })
    const manifest = manifestWith(migration({ id: 'app:1', uses: { db: 'sql' }, has: ['steps'], traits, load }))
    expect((await migrate(manifest, optionsFor())).applied).toHaveLength(1)
    expect(await rows('select n from big')).toEqual([1])
    expect(await rows(`select indisvalid from pg_index where indexrelid = 'by_n'::regclass`)).toEqual([true])
  })

  it('works in PGlite, which has one session for all', async () => {
    const database = new PGlite()
    const manifest = manifestWith(
      init,
      sql('1', `set work_mem = '77MB'; insert into effects values (1); vacuum effects`, outside),
    )
    const options = { adapters: { db: pglite(database) }, state: 'db' } as const
    expect((await migrate(manifest, options)).applied).toHaveLength(2)
    const left = await database.query(
      `select name from pg_settings where source = 'session' union all select 'lock' from pg_locks where locktype = 'advisory'`,
    )
    expect(left.rows).toEqual([])
    expect(await migrate(manifest, options)).toMatchObject({ outcome: 'current' })
  })

  it('is refused, where it would end its transaction', async () => {
    const manifest = manifestWith(init, sql('1', 'insert into effects values (1); commit; vacuum effects', outside))
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0211' })
    expect(await rows('select n from effects')).toEqual([])
  })
})

describe('the lock of a session', () => {
  it('N06 never waits inside a statement: others build an index concurrently and none is chosen as the victim of a deadlock', async () => {
    const manifest = manifestWith(
      init,
      sql('1', 'insert into effects select generate_series(1, 20000)'),
      sql('2', 'create index concurrently a on effects (n); create index concurrently b on effects (n)', outside),
    )
    const runs = Array.from({ length: 8 }, () => migrate(manifest, optionsFor(connect())))
    expect((await Promise.all(runs)).flatMap(({ applied }) => applied)).toHaveLength(3)
    expect(
      await rows(
        'select bool_and(indisvalid) from pg_index i join pg_class c on c.oid = indrelid where relname = $$effects$$',
      ),
    ).toEqual([true])
  })

  it('N06 a waiter that blocks is what makes such a deadlock', async () => {
    await pool.query('create table effects (n integer)')
    const [holder, waiter] = [await pool.connect(), await pool.connect()]
    await holder.query('select pg_advisory_lock(4711)')
    const waiting = waiter.query('select pg_advisory_lock(4711)').catch((error: unknown) => error)
    await pause(50)
    const building = holder.query('create index concurrently a on effects (n)').catch((error: unknown) => error)
    expect(await Promise.race([waiting, building])).toMatchObject({ code: '40P01' })
    for (const client of [holder, waiter]) client.release(true)
  })

  it('keeps every other writer of the log away, and is free again when its connection is gone', async () => {
    await migrate(manifestWith(init), optionsFor())
    const session = await directSession(pg(pool))
    expect(await session.tryLock?.()).toBe(true)
    const other = await directSession(pg(pool))
    expect(await other.tryLock?.()).toBe(false)
    const adapter = pg(pool)
    const error: unknown = await adapter.log.append([entryAt(2)]).catch((thrown: unknown) => thrown)
    expect(adapter.classify(error)).toBe('retry')
    await session.close()
    while (!(await other.tryLock?.())) await pause(10)
    expect(await other.unlock?.()).toBe(true)
    expect(await other.unlock?.()).toBe(false)
    await other.close()
    expect(await adapter.log.append([entryAt(2)])).toBe('appended')
  })

  it('P10 that was taken away, or is of another connection, stops the run before the next entry', async () => {
    const up = async ({ db }: { readonly db: Sql }): Promise<void> => {
      await db.run`insert into effects values (1)`
      await (db.raw as PoolClient).query('select pg_advisory_unlock_all()')
      await db.run`insert into effects values (2)`
    }
    const manifest = manifestWith(init, migration({ id: 'app:1', uses: { db: 'sql' }, up, ...outside }))
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0271', id: 'app:1' })
    expect(await rows('select n from effects')).toEqual([1])
    expect((await entriesOf(pg(pool))).filter(({ kind, id }) => kind === 'up' && id === 'app:1')).toEqual([])
  })
})

describe('a statement', () => {
  it.each([
    ['create index concurrently a on b (c)', 'alone'],
    ['CREATE UNIQUE INDEX /* x */ CONCURRENTLY a on b (c)', 'alone'],
    ['drop index concurrently a', 'alone'],
    ['reindex index concurrently a', 'alone'],
    ['alter table a detach partition b concurrently', 'alone'],
    ['vacuum analyze a', 'alone'],
    ['create database a', 'alone'],
    [`alter system set work_mem = '1MB'`, 'alone'],
    ['call leave()', 'alone'],
    ['do $$ begin update a set b = 1; commit; end $$', 'alone'],
    ['something new', 'alone'],
    ['do $$ begin perform 1; end $$', 'data'],
    [`create table a (b text default 'concurrently')`, 'data'],
    ['refresh materialized view concurrently a', 'data'],
    [`alter type a add value 'b'`, 'data'],
    ['with a as (select 1) insert into b select * from a', 'data'],
    ['(select 1)', 'data'],
    ['create function a() returns int language sql begin atomic select 1; select 2; end', 'data'],
    ['set work_mem = 1', 'session'],
    [`select pg_catalog.set_config('search_path', '', false)`, 'session'],
    ['prepare a as select 1', 'session'],
  ])('%s: %s', (text, effect) => {
    expect(splitStatements(`${text};`)).toMatchObject([{ text, effect, line: 1 }])
  })

  it('is shown without what its strings hold', () => {
    const [statement] = splitStatements(`\n\nalter role "a""b" /* why */ password\n'secret' valid until E'it\\'s'`)
    expect(statement).toMatchObject({ line: 3, shown: `alter role "a""b" password '…' valid until '…'` })
  })
})
