import { describe, expect, it } from 'vitest'
import type { Manifest } from '../../src/graph/manifest.ts'
import type { Script, Scripts } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import type { OpenDatabase, TestDatabase } from './sqlite.ts'

const script = (number: number, sql: string): TestMigration =>
  migration({ id: `app:${String(number).padStart(3, '0')}`, uses: { db: 'sql' }, sql })

const together = (texts: readonly string[]): Manifest => manifestOf(texts.map((text, number) => script(number, text)))

const optionsFor = (database: TestDatabase): Options => ({ adapters: { db: database.adapter() }, state: 'db' })

const LOG = `select kind, id, generation, hash, done, json_extract(rest, '$.data.redo') as redo from unplugin_migrations`

const settingsOf = (database: TestDatabase): unknown =>
  ['foreign_keys', 'busy_timeout'].map((name) => database.rows(`pragma ${name}`))

const PARENTS = `pragma foreign_keys = on; create table parent (id integer primary key);
  create table child (parent integer references parent (id) on delete cascade);
  insert into parent values (1), (2); insert into child values (1), (2)`

/** Scripts that run one behind the other without a pause, for every adapter of SQLite. */
export function testSqliteScripts(name: string, open: OpenDatabase): void {
  describe(`${name}: scripts together`, () => {
    it('leave what they leave alone', async () => {
      const texts = Array.from({ length: 250 }, (_, number) => `create table t${number} (a)`)
      const [both, alone] = [open(':memory:'), open(':memory:')]
      const db = both.adapter()
      const sent: number[] = []
      const send = (all: readonly Script[]): ReturnType<Scripts['send']> => {
        sent.push(all.length)
        return db.scripts?.send(all) ?? expect.unreachable('no scripts')
      }
      const scripts = { accepts: () => true, send }
      const { applied } = await migrate(together(texts), { adapters: { db: { ...db, scripts } }, state: 'db' })
      expect(sent).toEqual([100, 100, 50])
      const { scripts: _, ...plain } = alone.adapter()
      await migrate(together(texts), { adapters: { db: plain }, state: 'db' })
      expect(applied).toHaveLength(250)
      expect(both.rows(LOG)).toEqual(alone.rows(LOG))
      const tables = `select name from sqlite_master where name like 't%' order by name`
      expect(both.rows(tables)).toEqual(alone.rows(tables))
      expect(await migrate(together(texts), optionsFor(both))).toMatchObject({ outcome: 'current' })
    })

    it('stop at the one that fails, which alone is named and leaves nothing', async () => {
      const database = open(':memory:')
      const texts = [
        'create table a (b)',
        'insert into a values (1)',
        'insert into a values (2); no sql',
        'drop table a',
      ]
      await expect(migrate(together(texts), optionsFor(database))).rejects.toMatchObject({
        code: 'MIG_R0201',
        id: 'app:002',
        applied: ['app:000', 'app:001'],
        notApplied: ['app:002', 'app:003'],
      })
      expect(database.rows('select b from a')).toEqual([{ b: 1n }])
    })

    it.each([
      ['well', ['drop table child', 'select 1'], 'migrated'],
      ['badly', ['select 1', 'no sql'], 'MIG_R0201'],
      ['with rows that lost their parent', ['create table x (y)', 'delete from parent'], 'MIG_R0213'],
    ])('restore the settings of the connection when they end %s', async (_, texts, expected) => {
      const database = open(':memory:')
      database.raw.exec(`pragma busy_timeout = 1234; ${PARENTS}`)
      const before = settingsOf(database)
      const ended = await migrate(together(texts), optionsFor(database)).then(
        ({ outcome }) => outcome,
        (error: { code: string }) => error.code,
      )
      expect(ended).toBe(expected)
      expect(settingsOf(database)).toEqual(before)
    })

    it('rebuild a table that others refer to', async () => {
      const database = open(':memory:')
      database.raw.exec(PARENTS)
      const rebuild = `create table next (id integer primary key, name text); insert into next (id) select id from parent;
        drop table parent; alter table next rename to parent`
      await migrate(together(['create table a (b)', rebuild]), optionsFor(database))
      expect(database.rows('select parent from child')).toEqual([{ parent: 1n }, { parent: 2n }])
    })

    it('are refused when they end their own transaction', async () => {
      const database = open(':memory:')
      const texts = ['create table a (b)', 'insert into a values (1); end']
      await expect(migrate(together(texts), optionsFor(database))).rejects.toMatchObject({ code: 'MIG_R0212' })
    })

    it('leave a transaction alone that the application has open', async () => {
      const database = open(':memory:')
      await migrate(together(['create table a (b)']), optionsFor(database))
      for (const texts of [['create table c (d)'], ['create table c (d)', 'create table e (f)']]) {
        database.raw.exec('begin; insert into a values (1)')
        const more = together(['create table a (b)', ...texts])
        await expect(migrate(more, optionsFor(database))).rejects.toMatchObject({ code: 'MIG_R0201' })
        database.raw.exec('commit')
      }
      expect(database.rows('select b from a')).toEqual([{ b: 1n }, { b: 1n }])
    })
  })
}
