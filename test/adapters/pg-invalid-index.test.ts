import { Pool } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { pg } from '../../src/adapters/pg.ts'
import statements from '../../src/adapters/postgres/direct/strategy.ts'
import { MigrationError } from '../../src/runtime/errors.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Result } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const pools: Pool[] = []
afterAll(() => Promise.all(pools.map((pool) => pool.end())))

const SQL = { uses: { db: 'sql' } } as const
const IS_VALID = "select 1 from pg_index where indexrelid = to_regclass('by_n') and indisvalid"
const CREATE = 'create unique index concurrently by_n on numbers (n)'
const AGAIN = `drop index concurrently if exists by_n;\n${CREATE}`

async function open(): Promise<Pool> {
  const pool = new Pool({ connectionString: await server.createDatabase() })
  pools.push(pool)
  await pool.query('create table numbers (n integer); insert into numbers values (1), (1)')
  return pool
}

function run(pool: Pool, one: TestMigration): Promise<Result> {
  return migrate({ ...manifestOf([one]), statements }, { adapters: { db: pg(pool) }, state: 'db' })
}

async function indexes(pool: Pool): Promise<readonly unknown[]> {
  return (await pool.query("select indisvalid from pg_index where indexrelid = to_regclass('by_n')")).rows
}

// hexpm/bob#287: CREATE INDEX CONCURRENTLY that fails leaves an index that exists, and is of no use.
it('an invalid index that a failed run left is made anew, by an author who calls that idempotent (hexpm/bob#287)', async () => {
  const pool = await open()
  const index = migration({ ...SQL, id: 'app:1', sql: AGAIN, traits: { transaction: false, idempotent: true } })
  for (const _ of ['once', 'twice']) {
    const error = await run(pool, index).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(MigrationError)
    expect(error).toMatchObject({ code: 'MIG_R0275' })
    expect((error as MigrationError).message).toContain(`statement 2 (line 2): ${CREATE}`)
    expect(await indexes(pool)).toEqual([{ indisvalid: false }])
  }
  await pool.query('delete from numbers')
  expect((await run(pool, index)).applied).toHaveLength(1)
  expect(await indexes(pool)).toEqual([{ indisvalid: true }])
})

it('is not taken for the index, where a probe looks at validity and not at existence', async () => {
  const probed = (text: string, up: string): TestMigration =>
    migration({
      ...SQL,
      id: 'app:1',
      has: ['up', 'probe'],
      traits: { transaction: false },
      load: async () => ({
        default: {
          probe: async ({ db }: { readonly db: { rows(parts: TemplateStringsArray): Promise<readonly unknown[]> } }) =>
            (await db.rows(Object.assign([text], { raw: [text] }) as unknown as TemplateStringsArray)).length > 0,
          up: async ({ db }: { readonly db: { script(all: string): Promise<void> } }) => db.script(up),
        },
      }),
    })
  const pool = await open()
  await expect(run(pool, probed(IS_VALID, CREATE))).rejects.toMatchObject({ code: 'MIG_R0201' })
  expect(await indexes(pool)).toEqual([{ indisvalid: false }])
  // The control: whoever asks whether it is there takes it for done.
  const other = await open()
  await expect(run(other, probed("select to_regclass('nothing')::text where false", CREATE))).rejects.toThrow()
  const existence = "select 1 where to_regclass('by_n') is not null"
  expect((await run(other, probed(existence, CREATE))).applied).toHaveLength(1)
  expect(await indexes(other)).toEqual([{ indisvalid: false }])
  await pool.query('delete from numbers')
  await pool.query('drop index by_n')
  expect((await run(pool, probed(IS_VALID, CREATE))).applied).toHaveLength(1)
  expect(await indexes(pool)).toEqual([{ indisvalid: true }])
})

it('is not taken for the index, where the one that was the victim of a deadlock says IF NOT EXISTS', async () => {
  const pool = await open()
  await pool.query('delete from numbers')
  const text = 'create index concurrently if not exists "by_n" on only public.numbers using btree (n)'
  const index = migration({ ...SQL, id: 'app:1', sql: text, traits: { transaction: false, idempotent: true } })
  const application = await pool.connect()
  await application.query('begin; insert into numbers values (1)')
  const running = run(pool, index).catch((thrown: unknown) => thrown)
  const waiting = "select 1 from pg_stat_activity where query ilike 'create index%' and wait_event_type = 'Lock'"
  while ((await pool.query(waiting)).rows.length === 0);
  // It wants what the build of the index holds, which waits for its end.
  await application.query('lock table numbers in share update exclusive mode; commit')
  application.release()
  expect(await running).toMatchObject({ code: 'MIG_R0201', message: expect.stringContaining('deadlock') })
  expect(await indexes(pool)).toEqual([{ indisvalid: false }])
  const again = await run(pool, index).catch((thrown: unknown) => thrown)
  expect(again).toMatchObject({ code: 'MIG_R0201', message: expect.stringContaining('"by_n" exists, and is invalid') })
  await pool.query('drop index by_n')
  expect((await run(pool, index)).applied).toHaveLength(1)
  expect(await indexes(pool)).toEqual([{ indisvalid: true }])
})
