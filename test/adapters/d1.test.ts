import { beforeEach, describe, expect, it } from 'vitest'
import { createMigrator } from '../../src/admin/migrator.ts'
import { type D1Database, d1 } from '../../src/adapters/d1.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { rowsOf, tablesOf, useD1 } from '../servers/d1.ts'
import { entryAt } from '../../src/testing/log-entries.ts'

const server = useD1(80)
const LOG = 'unplugin_migrations'

let database: D1Database
beforeEach(async () => {
  database = await server.createDatabase()
})

const work = (up: (db: Sql) => Promise<unknown>, id: TestMigration['id'] = 'app:1'): TestMigration =>
  migration({ id, uses: { db: 'sql' }, up: async ({ db }) => void (await up(db)) })

const run = (up: (db: Sql) => Promise<unknown>, more: Partial<Options> = {}): ReturnType<typeof migrate> =>
  migrate(manifestOf([work(up)]), { adapters: { db: d1(database) }, state: 'db', ...more })

const setUp = (...statements: readonly string[]): Promise<unknown> =>
  database.batch(statements.map((text) => database.prepare(text)))

describe('d1: the sql handle', () => {
  it('binds strings, numbers, bigints, booleans, null and bytes', async () => {
    await setUp('create table value (a, b, c, d, e, f)')
    const bytes = Buffer.from([9, 1, 2, 9]).subarray(1, 3)
    await run(async (db) => {
      expect(db.dialect).toBe('sqlite')
      expect(db.raw).toBe(database)
      await db.run`insert into value values (${'ß\u2028'}, ${1.5}, ${2n ** 60n + 1n}, ${true}, ${null}, ${bytes})`
      await db.run`insert into value (a, c) values (${'low'}, ${-(2n ** 63n)})`
    })
    const text =
      'select a, b, cast(c as text) as c, typeof(c) as whole, d, typeof(d) as flag, e, hex(f) as f from value'
    expect(await rowsOf(database, text)).toEqual([
      { a: 'ß\u2028', b: 1.5, c: `${2n ** 60n + 1n}`, whole: 'integer', d: 1, flag: 'integer', e: null, f: '0102' },
      { a: 'low', b: null, c: `${-(2n ** 63n)}`, whole: 'integer', d: null, flag: 'null', e: null, f: '' },
    ])
  })

  it.each([
    ['a date', new Date(0)],
    ['undefined', undefined],
    ['what D1 would store as null', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['a bigint of more than 64 bits', 2n ** 63n],
  ])('refuses %s', async (_, value) => {
    await expect(run(async (db) => db.run`select ${value as unknown as string}`)).rejects.toMatchObject({
      code: 'MIG_R0214',
    })
  })

  it('reads what was there before, by SELECT, VALUES and WITH … SELECT', async () => {
    await setUp('create table a (b)', 'insert into a values (1), (2)')
    await run(async (db) => {
      expect(await db.rows`select b from a where b > ${1} -- why; not?`).toEqual([{ b: 2 }])
      expect(await db.rows`values (${'x'});`).toEqual([{ column1: 'x' }])
      expect(await db.rows`with c as (select replace('x', 'x', 'y') as d) select d from c`).toEqual([{ d: 'y' }])
    })
  })

  it.each<readonly [string, (db: Sql) => Promise<unknown>]>([
    ['an insert that returns', (db) => db.rows`insert into a values (2) returning b`],
    ['an insert behind WITH', (db) => db.rows`with c as (select 2 as b) insert into a select b from c`],
    ['an update behind a comment', (db) => db.rows`/* select */ update a set b = 2 returning b`],
    ['a pragma', (db) => db.rows`pragma foreign_keys`],
    [
      'anything after a write',
      async (db) => {
        await db.run`insert into a values (2)`
        await db.rows`select b from a`
      },
    ],
    [
      'anything after a script',
      async (db) => {
        await db.script('insert into a values (2)')
        await db.rows`select b from a`
      },
    ],
  ])('refuses to read by %s, and changes nothing', async (_, up) => {
    await setUp('create table a (b)', 'insert into a values (1)')
    await expect(run(up)).rejects.toMatchObject({ code: 'MIG_R0240', id: 'app:1' })
    expect(await rowsOf(database, 'select b from a')).toEqual([{ b: 1 }])
  })

  it.each<readonly [string, (db: Sql) => Promise<unknown>]>([
    ['two statements', (db) => db.run`delete from a; delete from a`],
    ['two statements to read', (db) => db.rows`select 1; delete from a`],
    ['no statement', (db) => db.run`-- nothing`],
    ['a placeholder without a value', (db) => db.run`update a set b = ?`],
    ['one more placeholder than values', (db) => db.run`update a set b = ? where b = ${1}`],
    ['a value inside a comment', (db) => db.run`delete from a -- ${1}`],
    ['a bigint inside a string', (db) => db.run`delete from a where b <> '${1n}'`],
  ])('refuses %s, and changes nothing', async (_, up) => {
    await setUp('create table a (b)', 'insert into a values (1)')
    await expect(run(up)).rejects.toMatchObject({ code: 'MIG_R0201', id: 'app:1' })
    expect(await rowsOf(database, 'select b from a')).toEqual([{ b: 1 }])
  })

  it.each(['commit', 'BEGIN', 'create table a (b); rollback', '/* x */ savepoint s'])('refuses %j', async (text) => {
    await expect(run(async (db) => db.script(text))).rejects.toMatchObject({ code: 'MIG_R0211', id: 'app:1' })
    expect(await tablesOf(database)).toEqual([LOG])
  })

  it('splits scripts, whatever stands in bodies, quotes and comments', async () => {
    const script = `-- a; b
      create table a (b text default ';', "c;" text); /* ; */ ;
      create trigger t after insert on a begin
        update a set b = case when new.b = '--' then 'yes;' else 'no' end; update a set "c;" = 'done';
      end; /*! hint */
      insert into a (b) values ('--') -- the end`
    await run(async (db) => db.script(script))
    expect(await rowsOf(database, 'select * from a')).toEqual([{ b: 'yes;', 'c;': 'done' }])
  })

  it('writes nothing before `up` has returned, and then all of it with its entry, or nothing', async () => {
    const failing = run(async (db) => {
      await db.script('create table a (b); insert into a values (1)')
      expect(await tablesOf(database)).toEqual([LOG])
      await db.run`insert into missing values (1)`
    })
    await expect(failing).rejects.toMatchObject({
      code: 'MIG_R0201',
      message: expect.stringContaining('missing') as string,
    })
    expect(await tablesOf(database)).toEqual([LOG])
    expect(await rowsOf(database, `select kind, done from ${LOG}`)).toEqual([{ kind: 'genesis', done: 1 }])
  })
})

describe('d1: the batch', () => {
  it('is looked for in the log when it fails without saying whether it took effect', async () => {
    let batches = 0
    const unclear: D1Database = {
      prepare: (text) => database.prepare(text),
      async batch(statements) {
        const answer = await database.batch(statements)
        if (++batches === 2) throw new Error('an error that D1 has not documented')
        return answer
      },
    }
    const result = run((db) => db.script('create table a (b)'), { adapters: { db: d1(unclear) } })
    expect(await result).toMatchObject({ outcome: 'migrated', applied: [{ id: 'app:1' }] })
    expect(await tablesOf(database)).toEqual(['a', LOG])
  })

  describe('`verify` reads what it has committed', () => {
    const verified = (verify: (db: Sql) => Promise<void>): TestMigration =>
      migration({
        id: 'app:1',
        uses: { db: 'sql' },
        up: ({ db }) => db.script('create table a (b); insert into a values (1)'),
        verify: async ({ db }) => verify(db),
      })
    const options = (): Options => ({ adapters: { db: d1(database) }, state: 'db' })

    it('and passes', async () => {
      const rows: unknown[] = []
      const manifest = manifestOf([verified(async (db) => void rows.push(...(await db.rows`select * from a`)))])
      expect(await migrate(manifest, options())).toMatchObject({ applied: [{ id: 'app:1' }] })
      expect(rows).toEqual([{ b: 1 }])
    })

    it('also where the manifest brings no code for that', async () => {
      let asked = 0
      const { traits: _, ...manifest } = manifestOf([verified(async () => void asked++)])
      await migrate(manifest, options())
      expect(asked).toBe(1)
    })

    it('and what it writes is never sent', async () => {
      const manifest = manifestOf([verified((db) => db.run`insert into a values (2)`)])
      await migrate(manifest, options())
      expect(await rowsOf(database, 'select * from a')).toEqual([{ b: 1 }])
    })

    it('or says that it is applied, and nothing after it runs before the next run', async () => {
      const first = verified(async () => Promise.reject(new Error('one row')))
      const manifest = manifestOf([first, work((db) => db.script('create table c (d)'), 'app:2')])
      const error: unknown = await migrate(manifest, options()).catch((reason: unknown) => reason)
      expect(error).toMatchObject({
        code: 'MIG_R0243',
        id: 'app:1',
        target: 'db',
        applied: ['app:1'],
        notApplied: ['app:2'],
        message: expect.stringContaining('one row') as string,
      })
      expect(await tablesOf(database)).toEqual(['a', LOG])
      expect(await createMigrator(manifest, options()).verify()).toMatchObject([{ id: 'app:1', ok: false }])
      expect(await migrate(manifest, options())).toMatchObject({ applied: [{ id: 'app:2' }] })
    })

    it('is not asked where another process was first', async () => {
      let asked = 0
      const manifest = manifestOf([verified(async () => void asked++)])
      await Promise.all([migrate(manifest, options()), migrate(manifest, options())])
      expect(asked).toBe(1)
    })
  })
})

describe('P21, d1: what goes beyond the limits is refused before anything is sent', () => {
  const values = Array.from({ length: 101 }, (_, index) => index)
  const many = (count: number): ((db: Sql) => Promise<void>) => {
    const texts = Object.assign(['select ', ...Array.from({ length: count - 1 }, () => ','), ''], { raw: [] })
    return (db) => db.run(texts, ...values.slice(0, count))
  }
  const long = (bytes: number): string =>
    `select '${'ß'.repeat((bytes - 9) / 2)}'`.padEnd(bytes, ' ').replace(/ +$/, ' ')

  it.each<readonly [string, (db: Sql) => Promise<unknown>]>([
    ['101 values', many(101)],
    ['a statement of more than 100,000 bytes', (db) => db.script(long(100_002))],
    ['a text of more than 2,000,000 bytes', (db) => db.run`select length(${'ß'.repeat(1_000_001)})`],
    ['bytes of more than 2,000,000', (db) => db.run`select length(${new Uint8Array(2_000_001)})`],
    [
      'a read with a text of more than 2,000,000 bytes',
      (db) => db.rows`select ${1} in (select value from json_each(${'x'.repeat(2_000_001)}))`,
    ],
  ])('%s', async (_, up) => {
    const sent = recorded(database)
    await expect(run(up, { adapters: { db: d1(sent.database) } })).rejects.toMatchObject({
      code: 'MIG_R0241',
      id: 'app:1',
    })
    expect(sent.batches).toEqual([2])
  })

  it('more statements than `maxStatements`', async () => {
    const inserts = 'insert into a values (1);'.repeat(48)
    const sent = recorded(database)
    const adapters = { db: d1(sent.database, { maxStatements: 50 }) }
    const tooMany = run(async (db) => db.script(`create table a (b);${inserts}${inserts.slice(0, 25)}`), { adapters })
    await expect(tooMany).rejects.toMatchObject({ code: 'MIG_R0241' })
    expect(sent.batches).toEqual([2])
    await run(async (db) => db.script(`create table a (b);${inserts}`), { adapters })
    expect(sent.batches).toEqual([2, 50])
    expect(await rowsOf(database, 'select count(*) as n from a')).toEqual([{ n: 48 }])
  })

  it('and what is just within is taken by D1 as well', async () => {
    await run(async (db) => {
      await many(100)(db)
      await db.script(long(99_999))
      await db.run`select length(${'ß'.repeat(1_000_000)}), length(${new Uint8Array(2_000_000)})`
    })
    expect(await rowsOf(database, `select count(*) as n from ${LOG}`)).toEqual([{ n: 2 }])
  })
})

/** The binding, and how many statements each batch has. */
function recorded(original: D1Database): { readonly database: D1Database; readonly batches: readonly number[] } {
  const batches: number[] = []
  return {
    batches,
    database: {
      prepare: (text) => original.prepare(text),
      batch(statements) {
        batches.push(statements.length)
        return original.batch(statements)
      },
    },
  }
}

describe('d1: foreign keys', () => {
  const PARENT = 'create table parent (id integer primary key, name)'
  const rows = ['insert into parent values (1, 2)', 'insert into child values (1)'] as const
  const REBUILD = `create table next (id integer primary key, name, more);
    insert into next (id, name) select id, name from parent; drop table parent; alter table next rename to parent`

  it.each([
    ['create table child (parent references parent (id) on delete cascade)', 'PARENT'],
    [
      'create table "child" (parent integer check (parent > 0) references "parent" on update cascade on delete set null)',
      'parent',
    ],
    [
      'create table child (parent default 7, foreign key (parent) references parent (id) on delete set default)',
      '[parent]',
    ],
  ])('lose no rows when a table is dropped that %j refers to', async (child, name) => {
    await setUp(PARENT, child, ...rows)
    const rebuild = run(async (db) => db.script(REBUILD.replace('drop table parent', `drop table if exists ${name}`)))
    await expect(rebuild).rejects.toMatchObject({
      code: 'MIG_R0242',
      message: expect.stringContaining('rows of child') as string,
    })
    expect(await rowsOf(database, 'select * from child')).toMatchObject([{ parent: 1 }])
  })

  it('are seen in tables of the migration itself, and not in those that it has dropped', async () => {
    await setUp(PARENT, 'create table child (parent references parent (id) on delete cascade)', ...rows)
    const both = `create table kept (parent references parent (id) on delete cascade); insert into kept select * from child;
      drop table child;`
    await expect(run(async (db) => db.script(`${both}${REBUILD}`))).rejects.toMatchObject({ code: 'MIG_R0242' })
    const without = both.replace('references parent (id) on delete cascade', '')
    await run(async (db) => db.script(`${without}drop table parent`))
    expect(await tablesOf(database)).toEqual(['kept', LOG])
    expect(await rowsOf(database, 'select * from kept')).toEqual([{ parent: 1 }])
  })

  it('are checked by D1 itself when the batch ends, where the script says so', async () => {
    await setUp(PARENT, 'create table child (parent references parent (id))', ...rows)
    await expect(run(async (db) => db.script(REBUILD))).rejects.toMatchObject({ code: 'MIG_R0201' })
    const moving = `pragma defer_foreign_keys = on; create table old as select * from parent; drop table parent;
      create table parent (id integer primary key, name, more); insert into parent select id, name, 3 from old; drop table old`
    await run(async (db) => db.script(moving))
    expect(await rowsOf(database, 'select * from parent, child')).toEqual([{ id: 1, name: 2, more: 3, parent: 1 }])
    const losing = manifestOf([
      work(async () => {}),
      work((db) => db.script('pragma defer_foreign_keys = on; delete from parent'), 'app:2'),
    ])
    await expect(migrate(losing, { adapters: { db: d1(database) }, state: 'db' })).rejects.toMatchObject({
      id: 'app:2',
    })
    expect(await rowsOf(database, 'select id from parent')).toEqual([{ id: 1 }])
    expect(await rowsOf(database, `select max(serial) as last from ${LOG}`)).toEqual([{ last: 1 }])
  })
})

describe('d1: the log', () => {
  it('is one read at a boot without work, and two where there is no log', async () => {
    const reads: string[] = []
    const counting: D1Database = {
      batch: (statements) => database.batch(statements),
      prepare(text) {
        reads.push(text)
        return database.prepare(text)
      },
    }
    expect(await d1(counting).log.head()).toBeNull()
    expect(reads).toHaveLength(2)
    const options: Options = { adapters: { db: d1(counting) }, state: 'db' }
    const manifest = manifestOf([work(async (db) => db.script('create table a (b)'))])
    expect(await migrate(manifest, options)).toMatchObject({ outcome: 'migrated' })
    reads.length = 0
    expect(await migrate(manifest, options)).toMatchObject({ outcome: 'current' })
    expect(reads).toHaveLength(1)
  })

  it('is appended to and read in parts where it is long', async () => {
    const { log } = d1(database)
    const entries = Array.from({ length: 2001 }, (_, serial) => entryAt(serial, { satisfied: ['x'.repeat(1500)] }))
    expect(await log.append(entries)).toBe('appended')
    const read = []
    for await (const { serial } of log.read(-1)) read.push(serial)
    expect(read).toEqual(entries.map(({ serial }) => serial))
  })

  it.each([
    ['has lost its first entry', `delete from ${LOG} where serial = 0`],
    ['has a gap', `delete from ${LOG} where serial = 1`],
    ['holds text that is no JSON', `update ${LOG} set rest = '{' where serial = 1`],
  ])('is an error when it %s', async (_, damage) => {
    const two = [work(async (db) => db.script('create table a (b)')), work(async () => {}, 'app:2')]
    const options: Options = { adapters: { db: d1(database) }, state: 'db' }
    await migrate(manifestOf(two), options)
    await setUp(damage)
    const three = manifestOf([...two, work((db) => db.script('create table c (d)'), 'app:3')])
    await expect(migrate(three, options)).rejects.toMatchObject({ code: 'MIG_R0221' })
    expect(await tablesOf(database)).toEqual(['a', LOG])
  })

  it('may have another name, which is a plain identifier', async () => {
    await run(async () => {}, { adapters: { db: d1(database, { table: 'Own' }) } })
    expect(await tablesOf(database)).toEqual(['Own'])
    expect(await d1(database, { table: 'own' }).log.head()).not.toBeNull()
    expect(() => d1(database, { table: 'a; drop table b' })).toThrow(/MIG_R0102/)
  })

  it('holds the state for another storage', async () => {
    const data = new Map()
    const manifest = manifestOf([migration({ id: 'app:1', uses: { kv: 'kv' }, up: async ({ kv }) => kv.set('a', 1) })])
    const options: Options = { adapters: { kv: memory(data), db: d1(database) }, state: 'db' }
    expect(await migrate(manifest, options)).toMatchObject({ applied: [{ id: 'app:1' }] })
    expect(await rowsOf(database, `select kind, id from ${LOG}`)).toEqual([
      { kind: 'genesis', id: null },
      { kind: 'up', id: 'app:1' },
    ])
    expect(await migrate(manifest, options)).toMatchObject({ outcome: 'current' })
  })
})
