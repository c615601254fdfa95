import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { plan } from '../../src/runtime/plan.ts'
import { status } from '../../src/runtime/status.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

const sql = (id: string, text: string, more: Partial<TestMigration> = {}): TestMigration => ({
  ...migration({ id, uses: { db: 'sql' }, sql: text }),
  ...more,
})

const FIRST = sql('a:1', 'create table people (name text)')
const SECOND = sql('a:2', 'alter table people add mail text')
const SQUASH = sql('a:squash', 'create table people (name text, mail text)', { replaces: ['a:1', 'a:2'], follows: [] })
const THIRD = sql('a:3', "insert into people values ('Ada', 'ada@example.org')", { follows: ['a:2'] })
const WHOLE = manifestOf([FIRST, SECOND, SQUASH, THIRD])
const GONE = manifestOf([SQUASH, { ...THIRD, follows: ['a:squash'] }])

function fresh(): { readonly db: Database.Database; readonly options: Options<'db'> } {
  const db = new Database(':memory:')
  return { db, options: { adapters: { db: betterSqlite3(db) }, state: 'db' } }
}

async function appliedBy(manifest: Manifest, options: Options<'db'>): Promise<readonly string[]> {
  const { applied } = await migrate(manifest, options)
  return applied.map(({ id }) => id)
}

describe('V08 a squash', () => {
  it('is the way that a new storage takes', async () => {
    const { db, options } = fresh()
    expect((await plan(WHOLE, options)).migrations.map(({ id }) => id)).toEqual(['a:squash', 'a:3'])
    expect(await appliedBy(WHOLE, options)).toEqual(['a:squash', 'a:3'])
    expect(await appliedBy(WHOLE, options)).toEqual([])
    expect(db.prepare('select * from people').all()).toEqual([{ name: 'Ada', mail: 'ada@example.org' }])
    expect((await status(WHOLE, options)).migrations).toMatchObject([
      { id: 'a:1', state: 'aside', by: ['a:squash'] },
      { id: 'a:2', state: 'aside', by: ['a:squash'] },
      { id: 'a:squash', state: 'applied' },
      { id: 'a:3', state: 'applied' },
    ])
  })

  it('does not run where what it replaces did, also when that is gone from the code', async () => {
    const { options } = fresh()
    await migrate(manifestOf([FIRST, SECOND]), options)
    expect(await appliedBy(WHOLE, options)).toEqual(['a:3'])
    expect((await status(WHOLE, options)).migrations[2]).toMatchObject({ state: 'aside', by: ['a:1', 'a:2'] })
    expect(await migrate(GONE, options)).toMatchObject({ outcome: 'current', applied: [], findings: [] })
    const [, second] = (await status(WHOLE, options)).migrations
    const { findings, migrations } = await status(GONE, options)
    expect(findings).toEqual([])
    expect(migrations).toMatchObject([
      { ...second, id: 'a:squash' },
      { id: 'a:3', state: 'applied' },
    ])
  })

  it('gives way to the originals where a part of them ran, and stops where the rest is gone', async () => {
    const { db, options } = fresh()
    await migrate(manifestOf([FIRST]), options)
    await expect(migrate(GONE, options)).rejects.toMatchObject({
      code: 'MIG_R0305',
      id: 'a:squash',
      applied: [],
      notApplied: ['a:3'],
    })
    expect(db.prepare('select count(*) as n from people').get()).toEqual({ n: 0 })
    expect(await appliedBy(WHOLE, options)).toEqual(['a:2', 'a:3'])
    expect(await appliedBy(GONE, options)).toEqual([])
  })

  const stepping = (fails: boolean): TestMigration =>
    migration({
      id: 'a:1',
      uses: { db: 'sql' },
      steps: [
        { name: 'table', up: async ({ db }) => db.script('create table people (name text)') },
        {
          name: 'row',
          async up({ db }) {
            if (fails) throw new Error('no')
            await db.script("insert into people values ('Grace')")
          },
        },
      ],
    })

  it('gives way to the originals where one of them has begun, and stops where that is gone', async () => {
    const { options } = fresh()
    await expect(migrate(manifestOf([stepping(true)]), options)).rejects.toMatchObject({ code: 'MIG_R0201' })
    await expect(migrate(GONE, options)).rejects.toMatchObject({ code: 'MIG_R0305', id: 'a:squash' })
    const whole = manifestOf([stepping(false), SECOND, SQUASH, THIRD])
    expect(await appliedBy(whole, options)).toEqual(['a:1', 'a:2', 'a:3'])
    expect(await appliedBy(GONE, options)).toEqual([])
  })

  it('goes on where it has begun itself', async () => {
    const { options } = fresh()
    const broken = { ...stepping(true), id: 'a:squash', replaces: ['a:1', 'a:2'], follows: [] }
    await expect(migrate(manifestOf([FIRST, SECOND, broken]), options)).rejects.toMatchObject({ code: 'MIG_R0201' })
    const mended = { ...broken, ...stepping(false), id: 'a:squash' }
    expect(await appliedBy(manifestOf([FIRST, SECOND, mended]), options)).toEqual(['a:squash'])
  })

  it('knows of originals on other storages', async () => {
    const { options } = fresh()
    const both = { ...options, adapters: { ...options.adapters, kv: memory() } }
    const keys = migration({ id: 'b:1', uses: { kv: 'kv' }, up: async ({ kv }) => kv.set('people', 1) })
    await migrate(manifestOf([FIRST, keys]), both)
    const spanning = manifestOf([{ ...SQUASH, uses: { db: 'sql', kv: 'kv' }, replaces: ['a:1', 'b:1'] }])
    expect(await migrate(spanning, both)).toMatchObject({ outcome: 'current', applied: [], findings: [] })
  })
})
