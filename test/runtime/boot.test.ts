import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

/** Counts what a boot asks of a storage that is not SQL. */
function counting<A extends Adapter>(adapter: A, calls: string[]): A {
  const log: Adapter['log'] = {
    head: () => (calls.push('head'), adapter.log.head()),
    read: (after) => (calls.push('read'), adapter.log.read(after)),
    append: (entries) => (calls.push('append'), adapter.log.append(entries)),
  }
  return { ...adapter, log, open: () => (calls.push('open'), adapter.open()) }
}

it.each([10, 10_000])(
  'N03 V07 with %i applied migrations and nothing to do, makes one query, takes no lock (as EF Core did), and loads no migration',
  async (count) => {
    const queries: string[] = []
    const loads: string[] = []
    const database = new Database(':memory:', { verbose: (text) => void queries.push(String(text)) })
    const migrations = Array.from({ length: count }, (_, index): TestMigration => {
      const id = `app:${String(index).padStart(6, '0')}`
      const isFirst = index === 0
      return {
        ...migration({ id, uses: { db: 'sql' } }),
        format: 'sql',
        load: async () => {
          loads.push(id)
          return {
            default: { up: isFirst ? 'create table numbers (value integer)' : `insert into numbers values (${index})` },
          }
        },
      }
    })
    const calls: string[] = []
    const cached = migration({ id: 'cache:0001', uses: { cache: 'kv' }, up: async ({ cache }) => cache.set('a', 1) })
    const manifest = manifestOf([...migrations, cached])
    const options = {
      adapters: { db: betterSqlite3(database), cache: counting(memory(), calls) },
      state: 'db' as const,
    }
    expect((await migrate(manifest, options)).applied).toHaveLength(count + 1)
    expect(loads).toHaveLength(count)
    queries.length = loads.length = calls.length = 0
    expect((await migrate(manifest, options)).outcome).toBe('current')
    expect(queries).toHaveLength(1)
    expect(queries[0]).toMatch(/^SELECT \* FROM unplugin_migrations WHERE serial IN \(0, /)
    expect(calls).toEqual(['head'])
    expect(loads).toEqual([])
  },
)

it('finds its key beside those of other builds', async () => {
  const queries: string[] = []
  const database = new Database(':memory:', { verbose: (text) => void queries.push(String(text)) })
  const options = { adapters: { db: betterSqlite3(database) }, state: 'db' as const }
  const first = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table one (a)' })
  const second = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'create table two (a)' })
  const older = manifestOf([first])
  const newer = manifestOf([first, second])
  await migrate(older, options)
  await migrate(newer, options)
  for (const manifest of [older, newer, older]) {
    queries.length = 0
    expect((await migrate(manifest, options)).outcome).toBe('current')
    expect(queries).toHaveLength(1)
  }
})

it('writes the key once for a build that finds everything applied by others', async () => {
  const database = new Database(':memory:')
  const options = { adapters: { db: betterSqlite3(database) }, state: 'db' as const }
  const first = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table one (a)' })
  const second = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'create table two (a)' })
  await migrate(manifestOf([first, second]), options)
  const length = (): unknown => database.prepare('select count(*) from unplugin_migrations').pluck().get()
  const before = Number(length())
  expect((await migrate(manifestOf([first]), options)).outcome).toBe('ahead')
  expect(length()).toBe(before + 1)
  await migrate(manifestOf([first]), options)
  await migrate(manifestOf([first, second]), options)
  expect(length()).toBe(before + 1)
})

it('leaves a storage alone that only held migrations use, and its log as long as it is', async () => {
  const database = new Database(':memory:')
  const cache = memory()
  const options = { adapters: { db: betterSqlite3(database), cache }, state: 'db' as const }
  const first = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table one (a)' })
  const held = { ...migration({ id: 'app:2', uses: { cache: 'kv' }, up: async () => {} }), held: true } as const
  await migrate(manifestOf([first]), options)
  const length = (): unknown => database.prepare('select count(*) from unplugin_migrations').pluck().get()
  const before = length()
  for (const _ of [1, 2]) {
    expect(await migrate(manifestOf([first, held]), options)).toMatchObject({ outcome: 'current', pending: ['app:2'] })
  }
  expect(length()).toBe(before)
  expect(await cache.log.head()).toBeNull()

  const onSame = {
    ...migration({ id: 'app:3', uses: { db: 'sql' }, sql: 'create table three (a)' }),
    held: true,
  } as const
  for (const _ of [1, 2]) expect((await migrate(manifestOf([first, onSame]), options)).pending).toEqual(['app:3'])
})
