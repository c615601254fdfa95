import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Pool } from 'pg'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory.ts'
import { pg } from '../../src/adapters/pg.ts'
import scripts from '../../src/adapters/postgres/scripts.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { manifestFor } from '../processes/pg-cases.mjs'
import { usePostgres } from '../servers/postgres.ts'
import { entriesOf } from '../../src/testing/log-entries.ts'

const server = usePostgres()
const pools: Pool[] = []
const processes: ChildProcess[] = []
let url = ''
let pool: Pool
beforeEach(async () => {
  url = await server.createDatabase()
  pool = connect(url)
})
afterEach(async () => {
  for (const child of processes.splice(0)) child.kill('SIGKILL')
  await Promise.all(pools.splice(0).map((open) => open.end()))
})

function connect(connectionString: string, options = ''): Pool {
  const opened = new Pool({ connectionString, options })
  opened.on('error', () => {})
  pools.push(opened)
  return opened
}

const optionsFor = (one: Pool = pool): Options<'db'> => ({ adapters: { db: pg(one) }, state: 'db' })

async function rows(text: string): Promise<readonly unknown[]> {
  return (await pool.query({ text, rowMode: 'array' })).rows.flat()
}

type Handles = { readonly db: Sql }

const code = (up: (handles: Handles) => Promise<unknown>, id = 'app:1'): TestMigration =>
  migration({ id, uses: { db: 'sql' }, up: async (handles) => void (await up(handles)) })
const sql = (id: string, text: string): TestMigration => migration({ id, uses: { db: 'sql' }, sql: text })
const together = (...migrations: readonly TestMigration[]): Manifest => ({ ...manifestOf(migrations), scripts })
const pause = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms))

/** A process that migrates, and its lines. */
function start(name: string, options = '', env: NodeJS.ProcessEnv = {}): { child: ChildProcess; lines: unknown[] } {
  const file = join(import.meta.dirname, '../processes/pg-migrate.mjs')
  const child = spawn(process.execPath, [file, url, name, options], { env: { ...process.env, ...env } })
  processes.push(child)
  const lines: unknown[] = []
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)))
  child.stderr.pipe(process.stderr)
  return { child, lines }
}

async function until(isSo: () => unknown): Promise<void> {
  while (!(await isSo())) await pause(20)
}

const LOW = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
  .map((name) => `-c ${name}=150`)
  .join(' ')

it.each([
  ['code', manifestOf],
  ['scripts', (all: readonly TestMigration[]) => together(...all)],
])('P08 limits of the role are for the application, not for migrations: %s', async (kind, build) => {
  const slow = (id: string): TestMigration =>
    kind === 'scripts'
      ? sql(id, 'select pg_sleep(0.4)')
      : code(async ({ db }) => {
          await pause(400)
          await db.run`select pg_sleep(0.4)`
        }, id)
  const manifest = build([slow('app:1'), slow('app:2')])
  expect((await migrate(manifest, optionsFor(connect(url, LOW)))).applied).toHaveLength(2)
})

it('P08 limits of the role do hold without ours', async () => {
  const own = code(async ({ db }) => {
    await db.script('set local statement_timeout = 150')
    await db.run`select pg_sleep(0.4)`
  })
  await expect(migrate(manifestOf([own]), optionsFor())).rejects.toMatchObject({
    code: 'MIG_R0201',
    cause: { code: '57014' },
  })
})

it('N13 gives up waiting for a table that the application holds, lets others at it, and tries again', async () => {
  await pool.query('create table busy (a integer)')
  const application = await pool.connect()
  await application.query('begin; select * from busy')
  const alter = `set local lock_timeout = '300ms'; alter table busy add column b integer`
  let tries = 0
  const run = migrate(manifestOf([sql('app:1', alter)]), {
    ...optionsFor(),
    onEvent: ({ type }) => void (type === 'started' && tries++),
  })
  await until(() => tries > 1)
  // Queued behind the migration while it waits, and no longer.
  expect(await rows('select count(*)::int from busy')).toEqual([0])
  await application.query('commit')
  application.release()
  expect((await run).applied).toHaveLength(1)
})

it('N14 does all of a migration again that a deadlock with the application has undone', async () => {
  await pool.query(
    'create table a (n integer); create table b (n integer); insert into a values (0); insert into b values (0)',
  )
  const application = await pool.connect()
  await application.query(`set deadlock_timeout = '1min'; begin; update b set n = n + 10`)
  let tries = 0
  const manifest = manifestOf([
    code(async ({ db }) => {
      await db.run`update a set n = n + 1`
      const blocked = tries++ === 0 ? application.query('update a set n = n + 10; commit') : undefined
      await pause(100)
      await db.run`update b set n = n + 1`.finally(() => blocked?.catch(() => {}))
    }),
  ])
  expect((await migrate(manifest, optionsFor())).applied).toHaveLength(1)
  application.release()
  expect(tries).toBe(2)
  expect(await rows('select n from a union all select n from b')).toEqual([11, 11])
})

it('N15 does a migration again after a serialization failure, whatever the isolation of the role is', async () => {
  const serializable = connect(url, '-c default_transaction_isolation=serializable')
  let tries = 0
  const manifest = manifestOf([
    sql('app:0', 'create table effects (n integer)'),
    code(async ({ db }) => {
      await db.run`insert into effects values (1)`
      if (tries++ === 0) await db.script(`do $$ begin raise sqlstate '40001'; end $$`)
    }),
  ])
  const runs = [1, 2, 3].map(() => migrate(manifest, optionsFor(serializable)))
  expect((await Promise.all(runs)).flatMap(({ applied }) => applied)).toHaveLength(2)
  expect(await rows('select n from effects')).toEqual([1])
})

it('C07 a killed process leaves the log to others at once, although its statement takes long', async () => {
  const { child, lines } = start('slow', '-c app.slow=on')
  await until(() =>
    rows(`select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()`).then(
      (all) => all.length,
    ),
  )
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(lines).not.toContainEqual(expect.objectContaining({ applied: expect.anything() }))
  const { applied } = await migrate({ ...manifestFor('slow'), scripts }, optionsFor())
  // The statement has ended without its effect: nobody else applied it meanwhile.
  expect(applied.map(({ id }) => id)).toEqual(['app:1', 'app:2'])
  expect(await rows('select number from effects')).toEqual([1, 2])
})

it('C12 a process that is frozen inside its transaction loses it, and cannot commit when it goes on', async () => {
  const { child, lines } = start('freeze', '', { FREEZE: '1' })
  await until(() =>
    rows(`select 1 from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`).then(
      (all) => all.length,
    ),
  )
  const { applied } = await migrate(manifestFor('freeze'), optionsFor())
  expect(applied).toHaveLength(1)
  child.kill('SIGCONT')
  await once(child, 'exit')
  expect(await rows('select number from effects')).toEqual([1])
  expect(lines.at(-1)).toEqual({ applied: [] })
})

it('P11 a read-only server is told before anything is written, by scripts too', async () => {
  const first = sql('app:0', 'create table a (n integer)')
  await migrate(together(first), optionsFor())
  const reading = connect(url, '-c default_transaction_read_only=on')
  const more = together(first, sql('app:1', 'create table b (n integer)'), sql('app:2', 'create table c (n integer)'))
  await expect(migrate(more, optionsFor(reading))).rejects.toMatchObject({ id: 'app:1', cause: { code: '25006' } })
  expect(await entriesOf(pg(pool))).toHaveLength(2)
})

it('P13 a name that leads to another server than before stops the run', async () => {
  const other = connect(await server.createDatabase())
  const state = memory()
  const manifest = manifestOf([sql('app:0', 'create table a (n integer)')])
  await migrate(manifest, { adapters: { db: pg(pool) }, state })
  await migrate(manifest, { adapters: { db: pg(other) }, state: memory() })
  await expect(migrate(manifest, { adapters: { db: pg(other) }, state })).rejects.toMatchObject({ code: 'MIG_R0103' })
})

it('D14 a log that somebody has altered by hand still takes each entry once, or says what is wrong', async () => {
  await migrate(manifestOf([sql('app:0', 'create table effects (n integer)')]), optionsFor())
  await pool.query(
    'alter table unplugin_migrations drop constraint unplugin_migrations_pkey, drop constraint unplugin_migrations_target_id_generation_key, add column note text',
  )
  const all = together(
    sql('app:0', ''),
    ...[1, 2, 3, 4].map((number) => sql(`app:${number}`, `insert into effects values (${number})`)),
  )
  const runs = Array.from({ length: 4 }, () => migrate(all, optionsFor(connect(url))))
  expect((await Promise.all(runs)).flatMap(({ applied }) => applied)).toHaveLength(4)
  expect(await rows('select n from effects')).toEqual([1, 2, 3, 4])
  expect((await entriesOf(pg(pool))).map(({ serial }) => serial)).toEqual([0, 1, 2, 3, 4, 5])
  await pool.query('alter table unplugin_migrations drop column rest')
  await expect(migrate(all, optionsFor())).rejects.toMatchObject({ code: 'MIG_R0221' })
})
