import { setTimeout as delay } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { pglite } from '../../src/adapters/pglite.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { withGuardedHandles } from '../../src/runtime/guarded-handles.ts'
import type { KeyValue, Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf } from './manifest.ts'

const SQL = [
  (db: Sql) => db.rows`select 1`,
  (db: Sql) => db.run`create table a (n integer)`,
  (db: Sql) => db.script('create table a (n integer)'),
]

const slow = {
  write: async (text: string) => delay(20).then(() => text),
  async *list() {
    yield* ['a']
  },
  raw: { driver: true },
}

it('passes calls and values through', async () => {
  await withGuardedHandles('app:1', async (guard) => {
    const handle = guard(slow)
    expect(await handle.write('a')).toBe('a')
    expect(handle.raw).toBe(slow.raw)
  })
})

it('C16 refuses a migration that returned while calls went on', async () => {
  let forgotten: Promise<unknown> | undefined
  const work = withGuardedHandles('app:1', async (guard) => {
    forgotten = guard(slow).write('a')
  })
  await expect(work).rejects.toThrow(/MIG_R0209.*app:1: 1 calls not awaited/s)
  await forgotten
})

it.each([
  ['ended', async () => {}],
  ['failed', () => Promise.reject(new Error('boom'))],
])('is dead after the migration has %s', async (_, end) => {
  let handle = slow
  const work = withGuardedHandles('app:1', async (guard) => {
    handle = guard(slow)
    await end()
  })
  await work.catch(() => {})
  await expect(handle.write('late')).rejects.toThrow(/MIG_R0210/)
  expect(() => handle.list()).toThrow(/MIG_R0210/)
})

it.each<readonly [string, () => Adapter, readonly ((handle: never) => Promise<unknown>)[]]>([
  ['better-sqlite3', () => betterSqlite3(new Database(':memory:')), SQL],
  ['pglite', () => pglite(new PGlite()), SQL],
  ['memory', () => memory(), [(kv: KeyValue) => kv.get('a'), (kv: KeyValue) => kv.set('a', 1)]],
])('late calls on the handle of %s reject: who catches them is not ended by them', async (_, open, calls) => {
  const adapter = open()
  const [kind = 'sql'] = adapter.kinds
  let handle: unknown
  const load = async (): Promise<unknown> => ({
    default: { up: (context: { readonly db: unknown }) => void (handle = context.db) },
  })
  await migrate(manifestOf([{ id: 'app:1', uses: { db: kind }, load }]), { adapters: { db: adapter }, state: 'db' })
  for (const call of calls) await expect(call(handle as never)).rejects.toMatchObject({ code: 'MIG_R0210' })
})
