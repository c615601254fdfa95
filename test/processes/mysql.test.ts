import { setTimeout as delay } from 'node:timers/promises'
import { type Connection, type Pool, createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MigrationError } from '../../src/runtime/errors.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { type OwnMariadb, hasMariadbd, mariadbUrl, startMariadb, useDatabases } from '../servers/mariadb.ts'
import { assertCrowd, assertMigrated, killEverywhere } from './mysql-kill.ts'
import { columnsOf, crowd, given, rows, run, start } from './mysql-processes.ts'
import { unlocked } from './mysql-unlocked.mjs'

const databases = useDatabases()
const CROWD = 20

describe.skipIf(mariadbUrl === undefined)('processes on one MariaDB', () => {
  it.each([
    ['C03', 'plain', 3],
    ['C04', 'again', 10],
    ['C04', 'steps', 10],
  ] as const)(
    '%s: killed before any of its messages, a run of %s statements goes on (step %i)',
    { timeout: 300_000 },
    (_, way, step) => killEverywhere(databases, way, step),
  )

  it('N01: twenty at once: every statement takes effect once, and all end well', () => assertCrowd(databases, CROWD))

  it('N01, the twin: without the lock they do not', async () => {
    const ends = await crowd(await databases.create(), CROWD, { UNLOCKED: 'yes' })
    expect(ends.filter(({ code }) => code !== 0).length).toBeGreaterThan(0)
  })

  /** A table whose change takes a while, and the process that changes it, killed in the middle. */
  async function killedInside(): Promise<{ readonly url: string; readonly pool: Pool }> {
    const url = await databases.create()
    const pool = databases.pool(url)
    await pool.query('create table big (id int primary key, text varchar(200))')
    await pool.query("insert into big select seq, repeat('x', 200) from seq_1_to_400000")
    const [child, end] = start(url, 'slow')
    while (!(await isChanging(pool))) await delay(10)
    child.kill('SIGKILL')
    expect((await end).signal).toBe('SIGKILL')
    expect(await isChanging(pool), 'the server goes on without the client').toBe(true)
    return { url, pool }
  }

  async function isChanging(pool: Pool): Promise<boolean> {
    const query = "select 1 from information_schema.processlist where info like 'alter table big%' and db = database()"
    return (await rows(pool, query)).length > 0
  }

  it('C08: the next run waits until the ALTER of a dead one has ended, then its probe sees it', async () => {
    const { pool } = await killedInside()
    expect(await run(pool, 'slow')).toMatchObject({ applied: [{ id: 'app:1' }] })
    expect(await isChanging(pool)).toBe(false)
    expect(await columnsOf(pool, 'big')).toEqual(['id', 'text', 'filled'])
  })

  it('C08, the twin: without the lock the probe is asked too early, and the ALTER fails', async () => {
    const { pool } = await killedInside()
    const end = await run(unlocked(pool) as Pool, 'slow').catch((error: unknown) => error)
    expect(String(end)).toContain("Duplicate column name 'filled'")
  })
})

describe.skipIf(!hasMariadbd)('a MariaDB of its own', () => {
  let server: OwnMariadb
  beforeAll(async () => {
    server = await startMariadb()
  })
  afterAll(() => server.remove())

  it('N02: waits while the server takes no more connections', async () => {
    const pool = databases.pool(server.url)
    await pool.query('set global max_connections = 10')
    await pool.end()
    const taken: Connection[] = []
    const fill = async (): Promise<unknown> => {
      for (;;) taken.push(await createConnection({ uri: server.url }))
    }
    await expect(fill()).rejects.toMatchObject({ errno: 1040 })
    const late = databases.pool(server.url)
    const [manifest, options] = given(late, 'plain')
    const reasons: string[] = []
    const work = migrate(manifest, {
      ...options,
      onEvent: (event) => void (event.type === 'waiting' && reasons.push(event.reason)),
    })
    while (reasons.length === 0) await delay(10)
    for (const connection of taken) await connection.end()
    expect((await work).applied).toHaveLength(2)
    expect(reasons[0]).toContain('Too many connections')
    await assertMigrated(late, 'when there was one')
    await late.query('drop database app')
    await late.end()
  })

  it('P07: killed with its server and started again, the run goes on', async () => {
    await databases.pool(server.url.replace('/app', '')).query('create database if not exists app')
    const pool = databases.pool(server.url)
    await pool.query('create table big (id int primary key, text varchar(200))')
    await pool.query("insert into big select seq, repeat('x', 200) from seq_1_to_300000")
    const work = run(pool, 'slow').catch((error: unknown) => error as MigrationError)
    const inside = "select 1 from information_schema.processlist where info like 'alter table big%'"
    while ((await rows(pool, inside)).length === 0) await delay(10)
    await server.kill()
    expect(await work).toMatchObject({ code: 'MIG_R0202', id: 'app:1' })
    await server.start()
    const after = databases.pool(server.url)
    expect((await run(after, 'slow')).applied).toMatchObject([{ id: 'app:1' }])
    expect(await columnsOf(after, 'big')).toEqual(['id', 'text', 'filled'])
    expect(await rows(after, 'select count(*) n from big where filled = 7')).toEqual([{ n: 300_000 }])
    expect(await run(after, 'slow')).toMatchObject({ outcome: 'current' })
    await Promise.all([pool.end().catch(() => {}), after.end()])
  })
})
