import Database from 'better-sqlite3'
import { beforeEach, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options, Result } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

const heads: string[] = []

beforeEach(() => {
  heads.length = 0
})

/** Tells of each reading of a last entry. */
function watched(name: string, adapter: Adapter): Adapter {
  const { log } = adapter
  const head = (): ReturnType<typeof log.head> => {
    heads.push(name)
    return log.head()
  }
  return { ...adapter, log: Object.assign(Object.create(log), { head }) }
}

const first = migration({ id: 'app:0001', uses: { one: 'sql' }, sql: 'create table one (n integer)' })
const second = migration({ id: 'app:0002', uses: { two: 'sql' }, sql: 'create table two (n integer)' })
const third = migration({ id: 'app:0003', uses: { two: 'sql' }, sql: 'create table three (n integer)' })

class App {
  readonly state = watched('state', memory())
  readonly one = watched('one', betterSqlite3(new Database(':memory:')))
  two = watched('two', betterSqlite3(new Database(':memory:')))

  async run(migrations: readonly TestMigration[], more: Partial<Options> = {}): Promise<Result> {
    const { one, two, state } = this
    return migrate(manifestOf(migrations), { adapters: { one, two }, state, ...more })
  }
}

it('reads the state alone where that says that there is nothing to do', async () => {
  const app = new App()
  await app.run([first, second])
  heads.length = 0
  expect(await app.run([first, second], { trust: 'state' })).toMatchObject({ outcome: 'current', applied: [] })
  expect(heads).toEqual(['state'])
  heads.length = 0
  expect(await app.run([first, second])).toMatchObject({ outcome: 'current', applied: [] })
  expect(heads.toSorted()).toEqual(['one', 'state', 'two'])
})

it('reads everything where there is work, each once', async () => {
  const app = new App()
  expect((await app.run([first, second], { trust: 'state' })).outcome).toBe('migrated')
  expect(heads.toSorted()).toEqual(['one', 'state', 'two'])
  heads.length = 0
  expect((await app.run([first, second, third], { trust: 'state' })).applied).toMatchObject([{ id: 'app:0003' }])
  expect(heads.toSorted()).toEqual(['one', 'state', 'two'])
  heads.length = 0
  expect((await app.run([first, second, third], { trust: 'state' })).outcome).toBe('current')
  expect(heads).toEqual(['state'])
})

it('does not find that a target was wiped before there is work', async () => {
  const app = new App()
  await app.run([first, second])
  app.two = watched('two', betterSqlite3(new Database(':memory:')))
  expect((await app.run([first, second], { trust: 'state' })).outcome).toBe('current')
  await expect(app.run([first, second])).rejects.toMatchObject({ code: 'MIG_R0104' })
  await expect(app.run([first, second, third], { trust: 'state' })).rejects.toMatchObject({ code: 'MIG_R0104' })
})

it('does not take what the state knows of one tenant for what another has', async () => {
  const app = new App()
  await app.run([first, second], { tenant: 'blue' })
  const { one, two } = app
  const green = new App()
  const adapters = { one: green.one, two: green.two }
  const options = { adapters, state: app.state, tenant: 'green', trust: 'state' } as const
  expect((await migrate(manifestOf([first, second]), options)).applied).toHaveLength(2)
  expect((await migrate(manifestOf([first, second]), options)).outcome).toBe('current')
  heads.length = 0
  const blue = { ...options, adapters: { one, two }, tenant: 'blue' }
  expect((await migrate(manifestOf([first, second]), blue)).outcome).toBe('current')
  expect(heads).toEqual(['state'])
})

it('looks into the logs where something runs in every run', async () => {
  const app = new App()
  const again = migration({ id: 'app:always', uses: { one: 'sql' }, sql: 'select 1', traits: { repeatable: 'always' } })
  await app.run([first, second, again])
  expect((await app.run([first, second, again], { trust: 'state' })).applied).toMatchObject([{ id: 'app:always' }])
})
