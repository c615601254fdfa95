import { Pool } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pg } from '../../src/adapters/pg.ts'
import statements from '../../src/adapters/postgres/direct/strategy.ts'
import scripts from '../../src/adapters/postgres/scripts.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { type PgBouncer, hasPgBouncer, startPgBouncer } from '../servers/pgbouncer.ts'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const pools: Pool[] = []
let url = ''
let direct: Pool
let pooler: PgBouncer | undefined
beforeEach(async () => {
  url = await server.createDatabase()
  direct = connect(url)
})
afterEach(async () => {
  await Promise.all(pools.splice(0).map((open) => open.end()))
  await pooler?.stop()
  pooler = undefined
})

function connect(connectionString: string, max = 10): Pool {
  const opened = new Pool({ connectionString, max })
  opened.on('error', () => {})
  pools.push(opened)
  return opened
}

async function through(mode: Parameters<typeof startPgBouncer>[1], size: number): Promise<(max?: number) => Pool> {
  pooler = await startPgBouncer(url, mode, size)
  const pooled = pooler.url
  return (max) => connect(pooled, max)
}

const optionsFor = (one: Pool): Options<'db'> => ({ adapters: { db: pg(one) }, state: 'db' })

async function rows(text: string): Promise<readonly unknown[]> {
  return (await direct.query({ text, rowMode: 'array' })).rows.flat()
}

const sql = (number: number, text: string, more: Partial<TestMigration> = {}): TestMigration =>
  migration({ id: `app:${number}`, uses: { db: 'sql' }, sql: text, ...more })
const insert = async ({ db }: { readonly db: Sql }): Promise<void> => db.run`insert into effects values (${5})`
const inTransactions: Manifest = {
  ...manifestOf([
    sql(0, `set search_path = ''; create table public.effects (n integer)`),
    ...[1, 2, 3, 4].map((number) => sql(number, `insert into effects values (${number})`)),
    migration({ id: 'app:5', uses: { db: 'sql' }, up: insert }),
  ]),
  scripts,
}
const outside: Manifest = {
  ...manifestOf([
    sql(0, 'create table effects (n integer)'),
    sql(1, 'create index concurrently by_n on effects (n)', { traits: { transaction: false } }),
  ]),
  statements,
}

const LOCKS = `select count(*)::int from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`

describe.skipIf(!hasPgBouncer)('behind pgbouncer', () => {
  it.each([1, 3])('P01 %i lent for transactions: what is in transactions takes effect once', async (size) => {
    const pooled = await through('transaction', size)
    const runs = Array.from({ length: 6 }, () => migrate(inTransactions, optionsFor(pooled())))
    expect((await Promise.all(runs)).flatMap(({ applied }) => applied)).toHaveLength(6)
    expect(await rows('select n from effects')).toEqual([1, 2, 3, 4, 5])
    const after = await pooled().query('show search_path')
    expect(after.rows).toEqual([{ search_path: '"$user", public' }])
    expect(await rows(LOCKS)).toEqual([0])
  })

  it.each([1, 3])('P01 %i lent for transactions: what is outside of one is refused before it runs', async (size) => {
    const pooled = await through('transaction', size)
    await expect(migrate(outside, optionsFor(pooled()))).rejects.toMatchObject({ code: 'MIG_R0250', id: 'app:1' })
    expect(await rows(`select to_regclass('by_n')`)).toEqual([null])
    // No lock is left with a session that nobody has.
    expect(await rows(LOCKS)).toEqual([0])
    expect((await migrate(outside, optionsFor(direct))).applied).toHaveLength(1)
  })

  it('P01 lent for as long as a connection lasts: all of it works', async () => {
    const pooled = await through('session', 3)
    expect((await migrate(outside, optionsFor(pooled()))).applied).toHaveLength(2)
    expect(await rows(LOCKS)).toEqual([0])
  })

  it('P02 lent for single statements: refused with the reason, and nothing is written', async () => {
    const pooled = await through('statement', 3)
    await expect(migrate(inTransactions, optionsFor(pooled()))).rejects.toMatchObject({
      id: 'app:0',
      message: expect.stringMatching(/statement pooling mode/),
    })
    expect(await rows(`select to_regclass('effects')`)).toEqual([null])
    expect((await migrate(inTransactions, optionsFor(direct))).applied).toHaveLength(6)
  })

  it('P03 a lock that was left in a lent session is told, with how to end it, and keeps nobody away for good (authentik#23876)', async () => {
    const pooled = await through('transaction', 1)
    await migrate(manifestOf([sql(0, 'create table effects (n integer)')]), optionsFor(direct))
    const one = pooled()
    const { rows: left } = await one.query<{ pid: number }>(
      `select pg_advisory_lock(hashtextextended('public.unplugin_migrations', 0)), pg_backend_pid() as pid`,
    )
    const pid = left[0]?.pid
    // A pool of one connection cannot compare two.
    const error: unknown = await migrate(outside, optionsFor(pooled(1))).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'MIG_R0250',
      message: expect.stringContaining(`SELECT pg_terminate_backend(${pid})`),
    })
    await rows(`select pg_terminate_backend(${pid})`)
    expect((await migrate(outside, optionsFor(direct))).applied).toHaveLength(1)
  })
})
