import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { files } from '../../src/adapters/files.ts'
import { migration } from '../runtime/manifest.ts'
import { mariadbUrl } from '../servers/mariadb.ts'
import { SQL, failureOf, useDatabase } from './mysql-database.ts'

const database = useDatabase()
const folder = mkdtempSync(join(tmpdir(), 'mysql2-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const effects = migration({ ...SQL, id: 'app:0_effects', sql: 'create table effects (id text)' })

describe.skipIf(mariadbUrl === undefined)('mysql2', () => {
  it('runs definitions and data with any value, and a later boot does nothing', async () => {
    const bytes = new Uint8Array([0, 39, 92, 255])
    const migrations = [
      migration({
        ...SQL,
        id: 'app:1',
        sql: 'create table t (id int primary key, name text, at date);\ninsert into t values (1, "a;b", "2020-02-29")',
      }),
      migration({
        ...SQL,
        id: 'app:2',
        async up({ db }) {
          await db.run`insert into t values (${2n}, ${"it's \\ \0 日本 😀"}, ${null})`
          await db.run`alter table t add column size double, add column bytes blob, add column flag boolean`
          await db.run`update t set size = 0 -${-1.5}, bytes = ${bytes}, flag = ${true} where name = ${'a;b'}`
          const found = await db.rows<{ readonly n: number }>`select count(*) n from t where flag`
          await db.run`insert into t (id, name) values (${3}, ${`${found[0]?.n} of ${db.dialect}`})`
        },
      }),
    ]
    expect((await database.migrate(migrations)).applied.map(({ id }) => id)).toEqual(['app:1', 'app:2'])
    expect(await database.rows('select id, name, cast(at as char) at, size, hex(bytes) bytes, flag from t')).toEqual([
      { id: 1, name: 'a;b', at: '2020-02-29', size: 1.5, bytes: '00275CFF', flag: 1 },
      { id: 2, name: "it's \\ \0 日本 😀", at: null, size: null, bytes: null, flag: null },
      { id: 3, name: '1 of mysql', at: null, size: null, bytes: null, flag: null },
    ])
    const log = ['genesis', 'begin 1', 'end 1', 'up', 'end 1', 'begin 2', 'end 2', 'up']
    expect(await database.log()).toEqual(log)
    expect(await database.migrate(migrations)).toMatchObject({ outcome: 'current', applied: [] })
    expect(await database.log()).toEqual(log)
  })

  it.each(['primary key', 'key generation'])(
    'D14 notices that the %s of its log was dropped, before the next migration, and at no boot',
    async (key) => {
      await database.migrate([effects])
      const one = migration({ ...SQL, id: 'app:1', sql: 'insert into effects values (1)' })
      await database.rows('alter table unplugin_migrations add column note text')
      expect((await database.migrate([effects, one])).applied).toHaveLength(1)
      await database.rows(`alter table unplugin_migrations drop ${key}`)
      expect((await database.migrate([effects, one])).outcome).toBe('current')
      const two = migration({ ...SQL, id: 'app:2', sql: 'insert into effects values (2)' })
      expect((await failureOf(database.migrate([effects, one, two]))).code).toMatch(/^MIG_R02/)
      expect(await database.rows('select id from effects')).toEqual([{ id: '1' }])
    },
  )

  it('runs with the only connection of a pool, twice at once, and leaves it as it was', async () => {
    const pool = database.pool({ connectionLimit: 1 })
    const migrations = [
      effects,
      migration({
        ...SQL,
        id: 'app:1',
        sql: 'set @left = 1, session sql_mode = "ANSI"; insert into effects values (1)',
      }),
      migration({ ...SQL, id: 'app:2', sql: 'alter table effects add n int; insert into effects values (2, 2)' }),
    ]
    const both = await Promise.all([database.migrate(migrations, { pool }), database.migrate(migrations, { pool })])
    expect(both.flatMap(({ applied }) => applied)).toHaveLength(3)
    expect(await database.rows('select * from effects')).toHaveLength(2)
    const session = 'select @left mine, @@sql_mode mode, connection_id() > 0 connected'
    expect((await pool.query(session))[0]).toEqual(await database.rows(session))
    await pool.end()
  })

  it('commits data as one: where the third statement fails, nothing of it stays', async () => {
    const sql = (third: string): string =>
      `insert into effects values (1);\n\ninsert into effects values (2);\n${third}`
    await database.migrate([effects])
    const before = await database.log()
    const broken = migration({ ...SQL, id: 'app:1', sql: sql("insert into nowhere values ('secret')") })
    const error = await failureOf(database.migrate([effects, broken]))
    expect(error.code).toBe('MIG_R0201')
    expect(error.message).toContain("statement 3 (line 4): insert into nowhere values ('…'): ")
    expect(error.message).not.toContain('secret')
    expect(await database.rows('select * from effects')).toEqual([])
    expect(await database.log()).toEqual(before)
    await database.migrate([effects, migration({ ...SQL, id: 'app:1', sql: sql('select 1') })])
    expect(await database.rows('select * from effects')).toHaveLength(2)
    expect((await database.log()).slice(before.length)).toEqual(['up'])
  })

  it('names the statement that fails behind definitions, keeps what ran, and goes on there when it is mended', async () => {
    const sql = (third: string): string => `
      create table one (id int);
      insert into effects values ('once');
      -- the third; not a statement
      ${third};
      insert into effects values ('twice');`
    const long = `alter table one add column ${'x'.repeat(64)} int, add column y varchar(10) default 'secret', nonsense ${'n'.repeat(300)}`
    const error = await failureOf(database.migrate([effects, migration({ ...SQL, id: 'app:1', sql: sql(long) })]))
    expect(error).toMatchObject({ code: 'MIG_R0275', id: 'app:1', target: 'db', notApplied: ['app:1'] })
    expect(error.message).toContain(`statement 3 (line 5): alter table one add column ${'x'.repeat(64)} int`)
    expect(error.message).toContain('the 2 statements before stay')
    expect(error.text.split(': ')[1]).toHaveLength(200)
    expect(error.message.split(long).join('')).not.toContain("default 'secret'")
    expect(await database.rows('select * from effects')).toEqual([{ id: 'once' }])
    await database.migrate([effects, migration({ ...SQL, id: 'app:1', sql: sql('alter table one add y int') })])
    expect(await database.rows('select * from effects')).toEqual([{ id: 'once' }, { id: 'twice' }])
    expect((await database.log()).slice(4)).toEqual([
      'begin 1',
      'end 1',
      'end 2',
      'begin 3',
      'failed 3',
      'begin 3',
      'end 3',
      'up',
    ])
  })

  it('starts over where what failed is idempotent, and goes on where it was interrupted', async () => {
    const sql = (last: string): string =>
      `create table if not exists one (id int); replace into kept values (1, 1); ${last}`
    await database.rows('create table kept (id int primary key, n int)')
    const traits = { idempotent: true } as const
    const broken = migration({ ...SQL, id: 'app:1', traits, sql: sql('drop table one; create nonsense') })
    const error = await failureOf(database.migrate([effects, broken]))
    expect(error).toMatchObject({ code: 'MIG_R0275' })
    expect(error.message).toContain('the 3 statements before stay')
    // Other statements than those that have run: it is all the same.
    const mended = migration({ ...SQL, id: 'app:1', traits, sql: sql('alter table one add column n int') })
    await database.migrate([effects, mended])
    expect((await database.rows('describe one')).map(({ Field }) => Field)).toEqual(['id', 'n'])
    const tries = ['begin 1', 'end 1', 'end 2', 'begin 3', 'end 3']
    expect((await database.log()).slice(4)).toEqual([...tries, 'begin 4', 'failed 4', ...tries, 'up'])
  })

  it('stops where the statements that ran are not those that come now, and runs none (Atlas, of a shortened file)', async () => {
    const sql = (...all: readonly string[]): string => all.join(';\n')
    const first = 'create table one (id int)'
    const second = "insert into effects values ('second')"
    await failureOf(
      database.migrate([effects, migration({ ...SQL, id: 'app:1', sql: sql(first, second, 'drop table nowhere') })]),
    )
    for (const edited of [
      sql(first, "insert into effects values ('edited')", 'create table two (id int)'),
      sql('create table zero (id int)', first, second, 'create table two (id int)'),
      sql(first),
    ]) {
      const error = await failureOf(database.migrate([effects, migration({ ...SQL, id: 'app:1', sql: edited })]))
      expect(error.code).toBe('MIG_R0272')
    }
    expect((await database.rows('show tables')).map((row) => Object.values(row)[0])).toEqual([
      'effects',
      'one',
      'unplugin_migrations',
    ])
    await database.migrate([
      effects,
      migration({ ...SQL, id: 'app:1', sql: sql(first, second, 'create table two (id int)') }),
    ])
    expect(await database.rows('select * from effects')).toEqual([{ id: 'second' }])
  })

  it.each([
    ['insert into effects values (1); commit', 'MIG_R0211'],
    ['lock tables effects write; insert into effects values (1)', 'MIG_R0211'],
    ['set autocommit = 0; insert into effects values (1)', 'MIG_R0211'],
    ['/*!40000 rollback */; insert into effects values (1)', 'MIG_R0211'],
  ])('refuses %s before any of it runs', async (sql, code) => {
    const error = await failureOf(database.migrate([effects, migration({ ...SQL, id: 'app:1', sql })]))
    expect(error.code).toBe(code)
    expect(await database.rows('select * from effects')).toEqual([])
  })

  it('refuses rows of what writes', async () => {
    const up = migration({
      ...SQL,
      id: 'app:1',
      up: async ({ db }) => void (await db.rows`insert into effects values (${'x'}) returning id`),
    })
    expect((await failureOf(database.migrate([effects, up]))).code).toBe('MIG_R0274')
    expect(await database.rows('select * from effects')).toEqual([])
  })

  it('commits data with the files of the same migration, and refuses a definition beside them', async () => {
    const root = join(folder, 'files')
    const both = (id: string, statement: string): ReturnType<typeof migration> =>
      migration({
        id,
        uses: { db: 'sql', files: 'files' },
        async up({ db, files: tree }) {
          await tree.write(`${id.slice(4)}.txt`, new TextEncoder().encode(statement))
          await db.run`insert into effects values (${id})`
          await db.script(statement)
        },
      })
    const more = { files: files(root) }
    await database.migrate([effects, both('app:1', 'insert into effects values (1)')], { more })
    expect(readFileSync(join(root, '1.txt'), 'utf8')).toBe('insert into effects values (1)')
    const definition = both('app:2', 'alter table effects add n int')
    const migrations = [effects, both('app:1', 'insert into effects values (1)'), definition]
    expect((await failureOf(database.migrate(migrations, { more }))).code).toBe('MIG_R0273')
    expect(await database.rows('select * from effects')).toEqual([{ id: 'app:1' }, { id: '1' }])
    expect(() => readFileSync(join(root, '2.txt'))).toThrow('ENOENT')
  })

  it('lets nobody go on behind definitions of the driver itself, and refuses those of its own beside it', async () => {
    const raw = (statement: string, after: string): ReturnType<typeof migration> =>
      migration({
        ...SQL,
        id: 'app:1',
        async up({ db }) {
          await (db.raw as { query(text: string): Promise<unknown> }).query(statement)
          await db.script(after)
        },
      })
    const insert = 'insert into effects values (1)'
    const beside = await failureOf(database.migrate([effects, raw(insert, 'create table one (id int)')]))
    expect(beside.code).toBe('MIG_R0273')
    expect(await database.rows('select * from effects')).toEqual([])
    const escaped = raw('create table one (id int)', insert)
    expect((await failureOf(database.migrate([effects, escaped]))).code).toBe('MIG_R0212')
    expect((await failureOf(database.migrate([effects, escaped]))).code).toBe('MIG_R0212')
    expect(await database.rows('select * from effects')).toHaveLength(1)
  })

  it('does the work of a transaction again that the server has given up', async () => {
    await database.rows('create table pair (id int primary key, n int)')
    await database.rows('insert into pair values (1, 0), (2, 0)')
    const other = await database.pool().getConnection()
    let tries = 0
    const up = migration({
      ...SQL,
      id: 'app:1',
      async up({ db }) {
        await db.run`update pair set n = n + 1 where id = 1`
        if (tries++ > 0) return
        await other.query('start transaction')
        // More rows than ours: the server gives up the smaller transaction.
        await other.query('insert into pair select seq, 0 from seq_10_to_200')
        await other.query('update pair set n = n + 10 where id = 2')
        const waiting = other.query('update pair set n = n + 10 where id = 1')
        await new Promise((resolve) => setTimeout(resolve, 200))
        try {
          await db.run`update pair set n = n + 1 where id = 2`
        } finally {
          await waiting
          await other.query('commit')
          other.release()
        }
      },
    })
    expect((await database.migrate([up])).applied).toHaveLength(1)
    expect(tries).toBe(2)
    expect(await database.rows('select n from pair where id < 3')).toEqual([{ n: 11 }, { n: 10 }])
  })
})
