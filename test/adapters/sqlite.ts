import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { SqliteOptions } from '../../src/adapters/sqlite/adapter.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'

/** One connection of a driver. */
export interface TestDatabase {
  readonly raw: { exec(text: string): unknown }
  adapter(options?: SqliteOptions): Adapter<'sql'>
  /** Whole numbers as bigint. */
  rows(text: string): readonly unknown[]
}

export interface OpenOptions {
  readonly readOnly?: boolean
  /** Every whole number that a statement answers is a bigint. */
  readonly bigints?: boolean
}

export type OpenDatabase = (file: string, options?: OpenOptions) => TestDatabase

const work = (up: (db: Sql) => Promise<unknown>): TestMigration =>
  migration({ id: 'app:1', uses: { db: 'sql' }, up: async ({ db }) => void (await up(db)) })

const optionsFor = (database: TestDatabase): Options => ({ adapters: { db: database.adapter() }, state: 'db' })

function run(database: TestDatabase, up: (db: Sql) => Promise<unknown>): ReturnType<typeof migrate> {
  return migrate(manifestOf([work(up)]), optionsFor(database))
}

/** SQLite itself refuses to begin inside a transaction. */
function assertNoTransaction({ raw }: TestDatabase): void {
  raw.exec('begin')
  raw.exec('rollback')
}

const pragma = (database: TestDatabase, name: string): unknown =>
  Object.values(database.rows(`pragma ${name}`)[0] as object)[0]

const count = (database: TestDatabase, table: string): unknown =>
  (database.rows(`select count(*) as n from ${table}`)[0] as { readonly n: bigint }).n

/** What every adapter of SQLite must do, whatever the driver. */
export function testSqlite(name: string, open: OpenDatabase): void {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  describe(`${name}: the sql handle`, () => {
    it('binds strings, numbers, bigints, booleans, null and bytes, and refuses the rest', async () => {
      const database = open(':memory:')
      database.raw.exec('create table value (a, b, c, d, e, f)')
      await run(database, async (db) => {
        await db.run`insert into value values (${'x'}, ${1.5}, ${2n ** 60n}, ${true}, ${null}, ${new Uint8Array([1, 2])})`
        expect(db.dialect).toBe('sqlite')
        expect(db.raw).toBe(database.raw)
        expect(await db.rows`insert into value (a) values (${'returned'}) returning a`).toEqual([{ a: 'returned' }])
        const [first] = await db.rows<{ readonly f: Uint8Array }>`select f from value where a = ${'x'}`
        expect(first?.f).toBeInstanceOf(Uint8Array)
      })
      const [row] = database.rows('select a, b, c, d, typeof(d) as type, e, hex(f) as f from value')
      expect(row).toEqual({ a: 'x', b: 1.5, c: 2n ** 60n, d: 1n, type: 'integer', e: null, f: '0102' })
      const date = new Date() as unknown as string
      await expect(run(open(':memory:'), async (db) => db.rows`select ${date}`)).rejects.toMatchObject({
        code: 'MIG_R0214',
      })
    })

    it('takes one statement with as many values as placeholders, whatever stands in quotes and comments', async () => {
      await run(open(':memory:'), async (db) => {
        expect(await db.rows`select ${'a'}||${'b'} as x, '?''?;:y' as "@z", 1 as [$q?] -- why; not?`).toEqual([
          { x: 'ab', '@z': "?'?;:y", '$q?': 1 },
        ])
        await db.run`create table a (b$, é$); -- that;\u2028is \r all? /* not closed`
        await db.run`insert into a (b$, é$) /* what's :this */ values (${1},${2}); /* and this? */ ;`
        expect(await db.rows`select b$, é$ from a where b$=${1}and é$=${2}`).toEqual([{ b$: 1, é$: 2 }])
      })
    })

    it.each<readonly [string, (db: Sql) => Promise<unknown>]>([
      ['two statements', (db) => db.run`delete from a; delete from b`],
      ['two statements of which the second answers', (db) => db.rows`delete from a; select 1`],
      ['a placeholder without a value', (db) => db.run`update a set x = ?`],
      ['one more placeholder than values', (db) => db.run`update a set x = ? where x = ${1}`],
      ['a numbered placeholder', (db) => db.run`update a set x = ?1`],
      ['a named placeholder', (db) => db.run`update a set x = :x`],
      ['another kind of name', (db) => db.run`update a set x = @x`],
      ['a third kind of name', (db) => db.run`update a set x = $x`],
      ['a value inside a comment', (db) => db.run`delete from a -- ${1}`],
      ['a statement after comments', (db) => db.run`delete from b; -- ---- one ;\n/* two */ /* three */ delete from a`],
      ['no statement', (db) => db.run`-- nothing`],
    ])('refuses %s and changes nothing', async (_, statement) => {
      const database = open(':memory:')
      database.raw.exec('create table a (x); create table b (x); insert into a values (1)')
      await expect(run(database, statement)).rejects.toMatchObject({ code: 'MIG_R0201', id: 'app:1' })
      expect(database.rows('select x from a')).toEqual([{ x: 1n }])
      assertNoTransaction(database)
      // Nor may any of it have run before the rollback.
      await run(database, async (db) => {
        await expect(statement(db)).rejects.toThrow()
        expect(await db.rows`select x from a`).toEqual([{ x: 1 }])
      })
    })

    it.each(['commit', 'BEGIN', 'create table a (b); rollback', '/* x */ savepoint s'])(
      'C17 refuses %j before it runs',
      async (text) => {
        const database = open(':memory:')
        await expect(run(database, async (db) => db.script(text))).rejects.toMatchObject({
          code: 'MIG_R0211',
          id: 'app:1',
        })
        expect(database.rows(`select name from sqlite_master where name = 'a'`)).toEqual([])
        assertNoTransaction(database)
      },
    )

    it('runs scripts with triggers, whose bodies hold BEGIN and END', async () => {
      const database = open(':memory:')
      await run(database, async (db) =>
        db.script(
          `create table a (b); create trigger t after insert on a begin update a set b = 2; end; insert into a values (1);`,
        ),
      )
      expect(database.rows('select b from a')).toEqual([{ b: 2n }])
    })
  })

  describe(`${name}: the transaction`, () => {
    it.each([
      ['commit', 'see unplugin-migrations/docs/errors.md'],
      ['rollback', 'look at what took effect, and undo it'],
      ['commit; begin', 'see unplugin-migrations/docs/errors.md'],
    ])('C17 detects %j through the raw driver', async (text, next) => {
      const database = open(':memory:')
      const escaping = run(database, async (db) => {
        await db.run`create table a (b)`
        database.raw.exec(text)
      })
      await expect(escaping).rejects.toMatchObject({ code: 'MIG_R0212', next })
      assertNoTransaction(database)
    })

    it('refuses to go on after an escaped transaction was committed', async () => {
      const database = open(':memory:')
      await expect(run(database, async () => database.raw.exec('commit'))).rejects.toMatchObject({ code: 'MIG_R0212' })
      await expect(run(database, async () => {})).rejects.toMatchObject({ code: 'MIG_R0212' })
    })

    it('rebuilds a table that others refer to, and refuses rows that lose their parent', async () => {
      const database = open(':memory:')
      database.raw.exec(`pragma foreign_keys = on; create table parent (id integer primary key);
      create table child (id integer primary key, parent integer references parent (id) on delete cascade);
      insert into parent values (1), (2); insert into child values (1, 1), (${2n ** 60n}, 2)`)
      await run(database, async (db) =>
        db.script(
          'create table next (id integer primary key, name text); insert into next (id) select id from parent; drop table parent; alter table next rename to parent',
        ),
      )
      expect(count(database, 'child')).toBe(2n)
      expect(pragma(database, 'foreign_keys')).toBe(1n)
      const losing = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'delete from parent where id = 2' })
      const both = manifestOf([work(async () => {}), losing])
      await expect(migrate(both, optionsFor(database))).rejects.toMatchObject({
        code: 'MIG_R0213',
        message: expect.stringContaining(`Row ${2n ** 60n} of child has no parent in parent`) as string,
      })
      expect(count(database, 'parent')).toBe(2n)
      expect(pragma(database, 'foreign_keys')).toBe(1n)
    })

    it('leaves foreign keys off where they are off', async () => {
      const database = open(':memory:')
      database.raw.exec('pragma foreign_keys = off')
      await run(database, async (db) => db.script('create table a (b references a (b)); insert into a values (7)'))
      expect(count(database, 'a')).toBe(1n)
      expect(pragma(database, 'foreign_keys')).toBe(0n)
    })

    it.each(['first', 'later'])(
      'waits for another connection without blocking the process, and gives up after `wait`, in a %s run (Laravel said that all was well)',
      async (which) => {
        const file = join(folder, `${which}.db`)
        const other = open(file)
        const database = open(file)
        database.raw.exec('pragma busy_timeout = 60000')
        database.raw.exec('pragma foreign_keys = on')
        if (which === 'later') await run(database, async () => {})
        other.raw.exec('create table a (b); begin immediate')
        const waiting: string[] = []
        const options: Options = { ...optionsFor(database), onEvent: ({ type }) => void waiting.push(type) }
        const writing = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'insert into a values (1)' })
        const manifest = manifestOf([work(async () => {}), writing])
        await expect(migrate(manifest, { ...options, wait: 50 })).rejects.toMatchObject({
          code: 'MIG_R0205',
          target: 'db',
        })
        expect(pragma(database, 'foreign_keys')).toBe(1n)
        const patient = migrate(manifest, options)
        setTimeout(() => other.raw.exec('commit'), 100)
        expect((await patient).applied.at(-1)).toMatchObject({ id: 'app:2' })
        expect(waiting).toContain('waiting')
        expect(pragma(database, 'busy_timeout')).toBe(60_000n)
        expect(pragma(database, 'foreign_keys')).toBe(1n)
      },
    )

    it('tells errors that pass from those that do not', () => {
      const file = join(folder, 'errors.db')
      const other = open(file)
      other.raw.exec('create table a (b unique); insert into a values (1); pragma journal_mode = wal')
      const database = open(file)
      const classOf = (text: string, { raw, adapter }: TestDatabase = database): string => {
        try {
          raw.exec(text)
        } catch (error) {
          return adapter().classify(error)
        }
        return 'no error'
      }
      expect(classOf('insert into a values (1)')).toBe('fatal')
      expect(classOf('no sql')).toBe('fatal')
      expect(classOf('insert into a values (2)', open(file, { readOnly: true }))).toBe('read-only')
      database.raw.exec('begin; select * from a')
      other.raw.exec('insert into a values (2)')
      // SQLITE_BUSY_SNAPSHOT, an extended code.
      expect(classOf('insert into a values (3)')).toBe('retry')
      expect(database.adapter().classify(new Error('SQLITE_BUSY'))).toBe('fatal')
    })
  })

  describe(`${name}: a database that is not right`, () => {
    it('is an error, never an empty history (Umzug)', async () => {
      const file = join(folder, 'damaged.db')
      writeFileSync(
        file,
        'this is no database, and longer than a header of one hundred bytes would be, so that it is read as one',
      )
      await expect(run(open(file), async () => {})).rejects.toMatchObject({ code: 'MIG_R0222', target: 'db' })
    })

    it.each([
      ['has lost its first entry', 'delete from unplugin_migrations where serial = 0'],
      ['has a gap', 'delete from unplugin_migrations where serial = 1'],
      ['holds text that is no JSON', `update unplugin_migrations set rest = '{' where serial = 2`],
      ['holds a value of another type', `update unplugin_migrations set generation = 'x' where serial = 1`],
    ])('is an error when its log %s', async (_, damage) => {
      const database = open(':memory:')
      const second = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'create table a (b)' })
      const third = migration({ id: 'app:3', uses: { db: 'sql' }, sql: 'create table c (d)' })
      await migrate(manifestOf([work(async () => {}), second]), optionsFor(database))
      database.raw.exec(damage)
      const all = manifestOf([work(async () => {}), second, third])
      await expect(migrate(all, optionsFor(database))).rejects.toMatchObject({ code: 'MIG_R0221' })
      expect(database.rows(`select name from sqlite_master where name = 'c'`)).toEqual([])
    })

    it('says when it is read-only', async () => {
      const file = join(folder, 'read-only.db')
      open(file).raw.exec('create table a (b)')
      const database = open(file, { readOnly: true })
      expect(await database.adapter().log.head()).toBeNull()
      await expect(run(database, async () => {})).rejects.toMatchObject({ code: 'MIG_R0207', target: 'db' })
    })

    it('refuses a name for its log that is no plain identifier', () => {
      expect(() => open(':memory:').adapter({ table: 'a; drop table b' })).toThrow(/MIG_R0102/)
    })
  })
}

/** Of a driver that can answer whole numbers as bigint throughout. */
export function testBigints(name: string, open: OpenDatabase): void {
  it(`${name}: reads its log where whole numbers come as bigint`, async () => {
    const folder = mkdtempSync(join(tmpdir(), `${name}-`))
    const file = join(folder, 'bigints.db')
    const database = open(file, { bigints: true })
    const first = work(async (db) => expect(await db.rows`select 1 as one`).toEqual([{ one: 1n }]))
    const second = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'create table a (b)' })
    expect(await migrate(manifestOf([first]), optionsFor(database))).toMatchObject({ outcome: 'migrated' })
    for (const opened of [database, open(file, { bigints: true })])
      expect(await migrate(manifestOf([first]), optionsFor(opened))).toMatchObject({ outcome: 'current' })
    const both = manifestOf([first, second])
    expect(await migrate(both, optionsFor(open(file, { bigints: true })))).toMatchObject({
      applied: [{ id: 'app:2' }],
    })
    expect(await migrate(both, optionsFor(open(file)))).toMatchObject({ outcome: 'current' })
    rmSync(folder, { recursive: true })
  })
}
