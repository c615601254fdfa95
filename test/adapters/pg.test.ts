import { Pool, type PoolClient } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pg } from '../../src/adapters/pg.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { MigrationContext } from '../../src/runtime/migration.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { usePostgres } from '../servers/postgres.ts'

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

function optionsFor(one: Pool = pool): Options<'db'> {
  return { adapters: { db: pg(one) }, state: 'db' }
}

type Up = (context: MigrationContext<{ db: 'sql' }>) => Promise<void>

function only(up: Up, id = 'app:1'): Manifest {
  return manifestOf([migration({ id, uses: { db: 'sql' }, up })])
}

async function rows(text: string, one: Pool = pool): Promise<readonly unknown[]> {
  return (await one.query({ text, rowMode: 'array' })).rows.flat()
}

describe('the handle', () => {
  it('binds values as they are, and answers rows as the driver gives them', async () => {
    let answer: readonly unknown[] = []
    await migrate(
      only(async ({ db }) => {
        expect(db.dialect).toBe('postgres')
        await db.run`create table kinds (a text, b integer, c bigint, d boolean, e bytea, f text)`
        await db.run`insert into kinds values (${"it's \\ $1"}, ${7}, ${2n ** 60n}, ${true}, ${new Uint8Array([0, 255])}, ${null})`
        answer = await db.rows`select * from kinds where a = ${"it's \\ $1"} and d = ${true}`
      }),
      optionsFor(),
    )
    expect(answer).toEqual([
      { a: "it's \\ $1", b: 7, c: '1152921504606846976', d: true, e: Buffer.from([0, 255]), f: null },
    ])
  })

  it.each(['commit', 'select 1; rollback', '-- a\nbegin;'])('C17 refuses %j, and rolls back', async (text) => {
    const run = migrate(
      only(async ({ db }) => {
        await db.script('create table half (a integer)')
        await db.script(text)
      }),
      optionsFor(),
    )
    await expect(run).rejects.toMatchObject({ code: 'MIG_R0211', id: 'app:1', target: 'db' })
    expect(await rows(`select to_regclass('half')`)).toEqual([null])
  })

  it('refuses a value that is none', async () => {
    const up: Up = ({ db }) => db.run`select ${new Date() as unknown as string}`
    await expect(migrate(only(up), optionsFor())).rejects.toMatchObject({ code: 'MIG_R0214' })
  })
})

describe('the transaction', () => {
  it('takes everything back when the migration fails, and a later run does it', async () => {
    let isBroken = true
    const manifest = only(async ({ db }) => {
      await db.run`create table half (a integer)`
      if (isBroken) await db.run`insert into half values ('x')`
    })
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0201', notApplied: ['app:1'] })
    expect(await rows(`select to_regclass('half')`)).toEqual([null])
    isBroken = false
    expect((await migrate(manifest, optionsFor())).applied).toHaveLength(1)
  })

  it('is rolled back when the migration swallowed an error of the database', async () => {
    const up: Up = async ({ db }) => {
      await db.run`create table half (a integer)`
      await db.run`select 1/0`.catch(() => {})
    }
    await expect(migrate(only(up), optionsFor())).rejects.toMatchObject({ code: 'MIG_R0201' })
    expect(await rows(`select to_regclass('half')`)).toEqual([null])
  })

  it.each([
    ['ended', ['commit']],
    ['ended and begun again', ['commit', 'begin']],
    ['rolled back', ['rollback']],
  ])('that the migration %s through `raw` is found out', async (_, texts) => {
    const up: Up = async ({ db }) => {
      for (const text of texts) await (db.raw as PoolClient).query(text)
    }
    const isCommitted = texts[0] === 'commit'
    await expect(migrate(only(up), optionsFor())).rejects.toMatchObject({ code: 'MIG_R0212', id: 'app:1' })
    const again = migrate(
      only(async () => {}),
      optionsFor(),
    )
    if (isCommitted) await expect(again).rejects.toMatchObject({ code: 'MIG_R0212' })
    else expect((await again).applied).toHaveLength(1)
  })

  it('C17 leaves no setting behind: neither for the next migration nor in the pool', async () => {
    const one = connect(url, { max: 1 })
    one.on('connect', (client) => void client.query(`set statement_timeout = 71000`))
    const dump = migration({
      id: 'app:1',
      uses: { db: 'sql' },
      sql: `select pg_catalog.set_config('search_path', '', false);\nset lock_timeout = 0;\nset statement_timeout = 60000;\ncreate table public.one (a integer);\n`,
    })
    const next = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'create table two (a integer);\n' })
    await migrate(manifestOf([dump, next]), optionsFor(one))
    expect(
      await rows(`select count(*)::int from pg_tables where schemaname = 'public' and tablename in ('one', 'two')`),
    ).toEqual([2])
    expect(await rows('show search_path', one)).toEqual(['"$user", public'])
    expect(await rows('show statement_timeout', one)).toEqual(['71s'])
  })

  it('uses one connection for all, and gives it back', async () => {
    const one = connect()
    const backends = new Set<unknown>()
    const note = async ({ db }: MigrationContext<{ db: 'sql' }>): Promise<void> => {
      for (const { pid } of await db.rows<{ pid: number }>`select pg_backend_pid() as pid`) backends.add(pid)
    }
    const migrations = ['app:1', 'app:2', 'app:3'].map((id) => migration({ id, uses: { db: 'sql' }, up: note }))
    await migrate(manifestOf(migrations), optionsFor(one))
    const [after] = await rows('select pg_backend_pid()', one)
    expect([...backends]).toEqual([after])
  })

  it('survives a connection that is terminated in the middle, and the process does too', async () => {
    let isFirst = true
    const manifest = only(async ({ db }) => {
      await db.run`create table half (a integer)`
      if (!isFirst) return
      isFirst = false
      const [self] = await db.rows<{ pid: number }>`select pg_backend_pid() as pid`
      await pool.query('select pg_terminate_backend($1)', [self?.pid])
      await db.run`select 1`
    })
    await expect(migrate(manifest, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0201' })
    expect((await migrate(manifest, optionsFor())).applied).toHaveLength(1)
  })

  it('C06 has its log made by one of many first runs at once, and all of them end well', async () => {
    const manifest = only(async ({ db }) => db.run`create table once (a integer)`)
    for (let round = 0; round < 5; round++) {
      await pool.query('drop table if exists unplugin_migrations, once')
      const runs = Array.from({ length: 8 }, () => migrate(manifest, optionsFor(connect())))
      expect((await Promise.all(runs)).flatMap(({ applied }) => applied)).toHaveLength(1)
    }
  })

  it('is done once by two runs at once, and neither waits inside a statement', async () => {
    const waited: string[] = []
    const manifest = only(async ({ db }) => {
      await db.run`create table once (a integer)`
      await db.run`select pg_sleep(1.5)`
    })
    const results = await Promise.all(
      [connect(), connect(), connect()].map((one) =>
        migrate(manifest, {
          ...optionsFor(one),
          onEvent: (event) => event.type === 'waiting' && waited.push(event.reason),
        }),
      ),
    )
    expect(results.flatMap(({ applied }) => applied)).toHaveLength(1)
    expect(waited.length).toBeGreaterThan(0)
  })
})

describe('the database', () => {
  it('N07 keeps the log in the schema that is named', async () => {
    await pool.query('create schema "inside"')
    const db = pg(pool, { schema: 'inside', table: 'history' })
    await migrate(
      only(async () => {}),
      { adapters: { db }, state: 'db' },
    )
    expect(await rows('select kind from inside.history order by serial')).toEqual(['genesis', 'up'])
    expect(await rows(`select to_regclass('public.unplugin_migrations')`)).toEqual([null])
  })

  it('P11 may be read-only as long as there is nothing to do', async () => {
    const first = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table a (a integer)' })
    const manifest = manifestOf([first])
    await migrate(manifest, optionsFor())
    const reading = connect(url, { options: '-c default_transaction_read_only=on' })
    expect((await migrate(manifest, optionsFor(reading))).outcome).toBe('current')
    const more = manifestOf([first, migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'select 1' })])
    await expect(migrate(more, optionsFor(reading))).rejects.toMatchObject({ code: 'MIG_R0201', id: 'app:2' })
    const error: unknown = await reading.query('create table b (b integer)').catch((thrown: unknown) => thrown)
    expect(pg(reading).classify(error)).toBe('read-only')
  })

  it('that cannot be reached is an error, never "nothing applied"', async () => {
    const nowhere = connect('postgres://postgres@127.0.0.1:1/none')
    await expect(
      migrate(
        only(async () => {}),
        optionsFor(nowhere),
      ),
    ).rejects.toMatchObject({ code: 'MIG_R0222' })
  })

  it('N02 waits for a connection that the server does not have yet', async () => {
    const name = new URL(url).pathname.slice(1)
    await pool.query(`create role scarce_${name} login password 'scarce' connection limit 1`)
    await pool.query(`grant all on schema public to scarce_${name}`)
    const scarce = new URL(url)
    scarce.username = `scarce_${name}`
    scarce.password = 'scarce'
    const [holding, waiting] = [connect(scarce.href), connect(scarce.href)]
    const held = await holding.connect()
    const run = migrate(
      only(async () => {}),
      optionsFor(waiting),
    )
    await new Promise((resolve) => setTimeout(resolve, 100))
    held.release(true)
    expect((await run).applied).toHaveLength(1)
    await waiting.end()
    pools.splice(pools.indexOf(waiting), 1)
    await pool.query(`drop owned by scarce_${name}; drop role scarce_${name}`)
  })
})
