import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { manifestOf, migration } from './manifest.ts'

const users = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table users (a)' })
const more = migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'create table more (a)' })

it('keeps the state of many equal sets of storages in one store', async () => {
  const state = memory()
  const tenants = ['one', 'two', 'three'].map((tenant): Options<'db'> => {
    return { adapters: { db: betterSqlite3(new Database(':memory:')) }, state, tenant }
  })
  for (const manifest of [manifestOf([users]), manifestOf([users, more])]) {
    for (const options of tenants) expect((await migrate(manifest, options)).applied).toHaveLength(1)
    for (const options of tenants) expect((await migrate(manifest, options)).outcome).toBe('current')
  }
})

it('stops where a tenant has another storage behind a known name', async () => {
  const state = memory()
  const adapters = (): Options<'db'>['adapters'] => ({ db: betterSqlite3(new Database(':memory:')) })
  await migrate(manifestOf([users]), { adapters: adapters(), state, tenant: 'one' })
  await migrate(manifestOf([users]), { adapters: adapters(), state, tenant: 'two' })
  const again = migrate(manifestOf([users]), { adapters: adapters(), state, tenant: 'one' })
  await expect(again).rejects.toMatchObject({ code: 'MIG_R0104', target: 'db' })
})

it.each([
  ['tenants', (): Partial<Options>[] => [{ tenant: 'one' }, { tenant: 'two' }]],
  ['names', (): Partial<Options>[] => [{ bind: {} }, { bind: { app: { db: 'main' } } }]],
])('boots cheaply where two share a storage and the state by other %s', async (_, differ) => {
  const [state, database] = [memory(), new Database(':memory:')]
  const once = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table if not exists users (a)' })
  const both = differ().map((own): Options => {
    return { adapters: { db: betterSqlite3(database), main: betterSqlite3(database) }, state, ...own }
  })
  for (const options of [...both, ...both]) await migrate(manifestOf([once]), options)
  const head = await state.log.head()
  for (const options of [...both, ...both]) expect((await migrate(manifestOf([once]), options)).outcome).toBe('current')
  expect(await state.log.head()).toEqual(head)
})
