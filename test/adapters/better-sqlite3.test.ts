import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'

const folder = mkdtempSync(join(tmpdir(), 'better-sqlite3-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const work = (up: (db: Sql) => Promise<unknown>): TestMigration =>
  migration({ id: 'app:1', uses: { db: 'sql' }, up: async ({ db }) => void (await up(db)) })

function run(database: Database.Database, up: (db: Sql) => Promise<unknown>): ReturnType<typeof migrate> {
  return migrate(manifestOf([work(up)]), { adapters: { db: betterSqlite3(database) }, state: 'db' })
}

describe('the sql handle', () => {
  it('binds strings, numbers, bigints, booleans, null and bytes, and refuses the rest', async () => {
    const database = new Database(':memory:')
    database.exec('create table value (a, b, c, d, e, f)')
    await run(database, async (db) => {
      await db.run`insert into value values (${'x'}, ${1.5}, ${2n ** 60n}, ${true}, ${null}, ${new Uint8Array([1, 2])})`
      expect(db.dialect).toBe('sqlite')
      expect(db.raw).toBe(database)
      expect(await db.rows`insert into value (a) values (${'returned'}) returning a`).toEqual([{ a: 'returned' }])
    })
    const [row] = database.prepare('select * from value').safeIntegers().all()
    expect(row).toEqual({ a: 'x', b: 1.5, c: 2n ** 60n, d: 1n, e: null, f: Buffer.from([1, 2]) })
    const date = new Date() as unknown as string
    await expect(run(new Database(':memory:'), async (db) => db.rows`select ${date}`)).rejects.toMatchObject({
      code: 'MIG_R0214',
    })
  })

  it.each(['commit', 'BEGIN', 'create table a (b); rollback', '/* x */ savepoint s', 'END'])(
    'refuses %j before it runs',
    async (text) => {
      const database = new Database(':memory:')
      await expect(run(database, async (db) => db.script(text))).rejects.toMatchObject({
        code: 'MIG_R0211',
        id: 'app:1',
      })
      expect(database.prepare(`select name from sqlite_master where name = 'a'`).all()).toEqual([])
      expect(database.inTransaction).toBe(false)
    },
  )

  it('runs scripts with triggers, whose bodies hold BEGIN and END', async () => {
    const database = new Database(':memory:')
    await run(database, async (db) =>
      db.script(
        `create table a (b); create trigger t after insert on a begin update a set b = 2; end; insert into a values (1);`,
      ),
    )
    expect(database.prepare('select b from a').pluck().get()).toBe(2)
  })
})

describe('the transaction', () => {
  it.each([
    ['commit', (raw: Database.Database) => raw.exec('commit')],
    ['rollback', (raw: Database.Database) => raw.exec('rollback')],
    ['commit and begin', (raw: Database.Database) => raw.exec('commit; begin')],
  ])('detects a %s through the raw driver', async (_, escape) => {
    const database = new Database(':memory:')
    const escaping = run(database, async (db) => {
      await db.run`create table a (b)`
      escape(db.raw as Database.Database)
    })
    await expect(escaping).rejects.toMatchObject({ code: 'MIG_R0212' })
    expect(database.inTransaction).toBe(false)
  })

  it('refuses to go on after an escaped transaction was committed', async () => {
    const database = new Database(':memory:')
    await run(database, async (db) => void (db.raw as Database.Database).exec('commit')).catch(() => {})
    await expect(run(database, async () => {})).rejects.toMatchObject({ code: 'MIG_R0212' })
  })

  it('rebuilds a table that others refer to, and refuses rows that lose their parent', async () => {
    const database = new Database(':memory:')
    database.exec(`pragma foreign_keys = on; create table parent (id integer primary key);
      create table child (parent integer references parent (id) on delete cascade);
      insert into parent values (1), (2); insert into child values (1), (2)`)
    await run(database, async (db) =>
      db.script(
        'create table next (id integer primary key, name text); insert into next (id) select id from parent; drop table parent; alter table next rename to parent',
      ),
    )
    expect(database.prepare('select count(*) from child').pluck().get()).toBe(2)
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
    const losing = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'delete from parent where id = 2' })
    const both = manifestOf([work(async () => {}), losing])
    await expect(migrate(both, { adapters: { db: betterSqlite3(database) }, state: 'db' })).rejects.toMatchObject({
      code: 'MIG_R0213',
    })
    expect(database.prepare('select count(*) from parent').pluck().get()).toBe(2)
    expect(database.pragma('foreign_keys', { simple: true })).toBe(1)
  })

  it('waits for another connection without blocking the process, and gives up after `wait`', async () => {
    const file = join(folder, 'busy.db')
    const other = new Database(file)
    const database = new Database(file)
    other.exec('create table a (b); begin immediate')
    const waiting: string[] = []
    const options = {
      adapters: { db: betterSqlite3(database) },
      state: 'db' as const,
      onEvent: (event: { readonly type: string }): void => void waiting.push(event.type),
    }
    const manifest = manifestOf([work(async (db) => db.run`insert into a values (1)`)])
    await expect(migrate(manifest, { ...options, wait: 50 })).rejects.toMatchObject({ code: 'MIG_R0205', target: 'db' })
    const patient = migrate(manifest, options)
    setTimeout(() => other.exec('commit'), 100)
    expect((await patient).applied).toHaveLength(1)
    expect(waiting).toContain('waiting')
    expect(database.pragma('busy_timeout', { simple: true })).toBe(5000)
  })
})

describe('a database that is not right', () => {
  it('is an error, never an empty history', async () => {
    const file = join(folder, 'damaged.db')
    writeFileSync(
      file,
      'this is no database, and longer than a header of one hundred bytes would be, so that it is read as one',
    )
    await expect(run(new Database(file), async () => {})).rejects.toMatchObject({ code: 'MIG_R0222', target: 'db' })
  })

  it('says when it is read-only', async () => {
    const file = join(folder, 'read-only.db')
    new Database(file).exec('create table a (b)')
    const database = new Database(file, { readonly: true })
    await expect(run(database, async () => {})).rejects.toMatchObject({ code: 'MIG_R0207', target: 'db' })
  })

  it('refuses a name for its log that is no plain identifier', () => {
    expect(() => betterSqlite3(new Database(':memory:'), { table: 'a; drop table b' })).toThrow(/MIG_R0102/)
  })
})
