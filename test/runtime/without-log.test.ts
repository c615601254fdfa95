import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { plan } from '../../src/runtime/plan.ts'
import { status } from '../../src/runtime/status.ts'
import { Gate } from '../faults/gate.ts'
import { watched } from '../faults/watched.ts'
import { stealLeaseOf } from '../faults/steal-leases.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'
import { remote } from './remote.ts'

const idempotent = { idempotent: true } as const

/** Each sets a key twice; the second one builds on the first. */
function work(calls: string[] = []): readonly TestMigration[] {
  return [
    migration({
      id: 'app:1',
      uses: { data: 'kv' },
      traits: idempotent,
      async up({ data }) {
        calls.push('begin 1')
        await data.set('a', 1)
        await data.set('b', 1)
        calls.push('end 1')
      },
      async down({ data }) {
        await data.delete('a')
        await data.delete('b')
      },
    }),
    migration({
      id: 'app:2',
      uses: { data: 'kv' },
      traits: idempotent,
      async up({ data }) {
        calls.push('begin 2')
        await data.set('c', Number(await data.get('b')) + 1)
        calls.push('end 2')
      },
      async down({ data }) {
        await data.delete('c')
      },
    }),
  ]
}

const DONE = { a: 1, b: 1, c: 2 }

function storages(): { readonly data: Map<string, Json>; options(more?: Partial<Options>): Options; state: Adapter } {
  const data = new Map<string, Json>()
  const books = new Map<string, Json>()
  const state = memory(books)
  // Runs of one process are not to wait for each other.
  const options = (more: Partial<Options> = {}): Options => {
    return { adapters: { data: remote(data) }, state: { ...memory(books), client: {} }, ...more }
  }
  return { data, state, options }
}

async function entriesOf({ log }: Adapter): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const { kind, id } of log.read(-1)) lines.push(id === null ? kind : `${kind} ${id}`)
  return lines
}

describe('a storage without a log', () => {
  it('is migrated by intent, run and done in the log of the state, and then there is nothing to do', async () => {
    const { data, options, state } = storages()
    const calls: string[] = []
    const manifest = manifestOf(work(calls))
    expect((await plan(manifest, options())).migrations.map(({ id }) => id)).toEqual(['app:1', 'app:2'])
    expect(await state.log.head()).toBeNull()
    const result = await migrate(manifest, options())
    expect(result).toMatchObject({ outcome: 'migrated', applied: [{ id: 'app:1', target: 'data' }, { id: 'app:2' }] })
    expect(Object.fromEntries(data)).toEqual(DONE)
    const lines = await entriesOf(state)
    expect(lines.filter((line) => line.includes('app:'))).toEqual(['step app:1', 'up app:1', 'step app:2', 'up app:2'])
    expect(await migrate(manifest, options())).toMatchObject({ outcome: 'current' })
    expect(await entriesOf(state)).toEqual(lines)
    expect(calls).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2'])
    expect((await status(manifest, options())).migrations.map((one) => one.state)).toEqual(['applied', 'applied'])
  })

  it('may have the client of the state: nobody waits for what waits for him', async () => {
    const { data, options, state } = storages()
    const adapters = { data: { ...remote(data), client: state.client } }
    const result = await migrate(manifestOf(work()), options({ adapters, state, wait: 1000 }))
    expect(result.applied.map(({ id }) => id)).toEqual(['app:1', 'app:2'])
    expect(Object.fromEntries(data)).toEqual(DONE)
  })

  it('is refused with all migrations that may not be run again, and why, before anything runs', async () => {
    const { data, options, state } = storages()
    const plain = [
      migration({ id: 'app:1', uses: { data: 'kv' }, up: ({ data: keys }) => keys.set('a', 1) }),
      migration({ id: 'app:2', uses: { data: 'kv' }, up: ({ data: keys }) => keys.set('b', 1) }),
      migration({ id: 'app:3', uses: { data: 'kv', other: 'kv' }, traits: idempotent, up: async () => {} }),
      migration({ id: 'app:4', uses: { other: 'kv' }, up: async () => {} }),
    ]
    const adapters = { data: remote(data), other: memory() }
    for (const run of [migrate<string>, plan<string>]) {
      const refused = run(manifestOf(plain), options({ adapters }))
      await expect(refused).rejects.toMatchObject({
        code: 'MIG_R0118',
        message: expect.stringMatching(/app:1: .*idempotent.*\n.*app:2: .*idempotent.*\n.*app:3: .*together/),
      })
      await expect(refused).rejects.not.toThrow(/app:4/)
    }
    const { lease: _, ...unleased } = state
    await expect(migrate(manifestOf(work()), options({ state: unleased }))).rejects.toMatchObject({
      code: 'MIG_R0118',
      message: expect.stringMatching(/app:1: .*has no lease/),
    })
    await expect(migrate(manifestOf(work()), options({ state: 'data' }))).rejects.toMatchObject({ code: 'MIG_R0102' })
    expect(data.size).toBe(0)
    expect(await state.log.head()).toBeNull()
  })

  it('needs the lease: where it cannot be had nothing runs, and a run on other storages is waited for', async () => {
    const { data, options, state } = storages()
    const refuse = async (): Promise<never> => {
      throw new Error('permission denied')
    }
    const broken = { ...state, lease: { get: refuse, swap: refuse } }
    await expect(migrate(manifestOf(work()), options({ state: broken }))).rejects.toMatchObject({ code: 'MIG_R0207' })
    expect(data.size).toBe(0)
    await state.lease?.swap(null, JSON.stringify({ token: 7, nonce: 'a', ttl: 60_000, targets: [], id: 'other:1' }))
    await expect(migrate(manifestOf(work()), options({ wait: 50 }))).rejects.toMatchObject({
      code: 'MIG_R0205',
      message: expect.stringMatching(/token 7 by a run that began with other:1/),
    })
    expect(data.size).toBe(0)
  })

  it('keeps what a migration did before it failed, and the next run does all of it again', async () => {
    const { data, options } = storages()
    const calls: string[] = []
    let isBroken = true
    const [first, ...more] = work(calls)
    const failing: TestMigration = {
      ...first,
      id: 'app:1',
      uses: { data: 'kv' },
      async up(context) {
        await first?.up?.(context)
        if (isBroken) throw new Error('no')
      },
    }
    const manifest = manifestOf([failing, ...more])
    await expect(migrate(manifest, options())).rejects.toMatchObject({
      code: 'MIG_R0276',
      id: 'app:1',
      target: 'data',
      notApplied: ['app:1', 'app:2'],
    })
    expect(Object.fromEntries(data)).toEqual({ a: 1, b: 1 })
    isBroken = false
    await migrate(manifest, options())
    expect(calls).toEqual(['begin 1', 'end 1', 'begin 1', 'end 1', 'begin 2', 'end 2'])
  })

  it('goes back, forth and is marked like any other', async () => {
    const { data, options } = storages()
    const manifest = manifestOf(work())
    const migrator = createMigrator(manifest, options)
    await migrator.up()
    await migrator.down('-1')
    expect(Object.fromEntries(data)).toEqual({ a: 1, b: 1 })
    expect((await migrate(manifest, options())).applied).toMatchObject([{ id: 'app:2' }])
    await migrator.redo()
    await migrator.down('base')
    expect(data.size).toBe(0)
    await migrator.baseline('heads', { reason: 'done by hand' })
    expect(await migrate(manifest, options())).toMatchObject({ applied: [] })
    expect(data.size).toBe(0)
    expect((await migrator.history()).length).toBeGreaterThan(6)
  })

  it('is taken back by whoever has the lease', async () => {
    const { data, options, state } = storages()
    const manifest = manifestOf(work())
    await migrate(manifest, options())
    const text = (await state.lease?.get()) ?? null
    await state.lease?.swap(text, JSON.stringify({ token: 7, nonce: 'a', ttl: 60_000, targets: [], id: 'other:1' }))
    const down = createMigrator(manifest, options({ wait: 50 })).down('base')
    await expect(down).rejects.toMatchObject({ code: 'MIG_R0205' })
    expect(Object.fromEntries(data)).toEqual(DONE)
    await stealLeaseOf(state)
    await createMigrator(manifest, options()).down('base')
    expect(data.size).toBe(0)
    expect(JSON.parse((await state.lease?.get()) ?? '')).toMatchObject({ token: 9, nonce: null })
  })

  it('is one of several targets, in the order of what depends on it', async () => {
    const { data, options } = storages()
    const database = new Database(':memory:')
    const given = options({ adapters: { data: remote(data), db: betterSqlite3(database) } })
    const order: string[] = []
    const manifest = manifestOf([
      ...work(order),
      migration({
        id: 'shop:1',
        uses: { db: 'sql' },
        dependsOn: ['app:2'],
        async up({ db }) {
          order.push('shop')
          await db.run`create table t (x integer)`
        },
        async down({ db }) {
          order.push('no shop')
          await db.run`drop table t`
        },
      }),
    ])
    expect((await migrate(manifest, given)).applied).toHaveLength(3)
    expect(order.at(-1)).toBe('shop')
    expect(Object.fromEntries(data)).toEqual(DONE)
    expect(await migrate(manifest, given)).toMatchObject({ outcome: 'current' })
    const migrator = createMigrator(manifest, given)
    await migrator.down('app:1')
    expect(order.at(-1)).toBe('no shop')
    expect(Object.fromEntries(data)).toEqual({ a: 1, b: 1 })
  })

  it('is another one for each tenant', async () => {
    const { data, options } = storages()
    const others = new Map<string, Json>()
    const manifest = manifestOf(work())
    await migrate(manifest, options({ tenant: 'one' }))
    const other = options({ tenant: 'two', adapters: { data: remote(others) } })
    expect((await migrate(manifest, other)).applied).toHaveLength(2)
    expect(Object.fromEntries(others)).toEqual(Object.fromEntries(data))
    expect(await migrate(manifest, options({ tenant: 'one' }))).toMatchObject({ outcome: 'current' })
  })
})

const LOST = new Error('connection lost')

/** A fault at each call in turn; after it a clean run, and one that finds nothing to do. */
describe.each(['request lost', 'answer lost', 'stolen, and another one goes to its end'])(
  'C05 N10 at every operation: %s',
  (fault) => {
    it('leaves what was wanted, in order, and the state says so', async () => {
      for (let at = 1; ; at++) {
        const { data, options, state } = storages()
        const calls: string[] = []
        const manifest = manifestOf(work(calls))
        const gate = new Gate({ do: 'reqLost', at }, async (_, call) => {
          if (fault === 'request lost') throw LOST
          if (fault === 'answer lost') {
            await call()
            throw LOST
          }
          await stealLeaseOf(state)
          await migrate(manifestOf(work(calls)), options())
          return call()
        })
        const { adapters, state: own } = options()
        const through = {
          adapters: { data: watched(adapters['data'] as Adapter, 'data', gate) },
          state: watched(own as Adapter, 'state', gate),
        }
        await migrate(manifest, through).catch(() => {})
        await stealLeaseOf(state)
        await migrate(manifestOf(work(calls)), options())
        const where = `${fault} at ${at}: ${gate.fired}`
        expect(Object.fromEntries(data), where).toEqual(DONE)
        expect(calls.indexOf('begin 2'), where).toBeGreaterThan(calls.indexOf('end 1'))
        expect(await migrate(manifest, options()), where).toMatchObject({ outcome: 'current' })
        const lines = await entriesOf(state)
        for (const id of ['app:1', 'app:2'])
          expect(
            lines.filter((line) => line === `up ${id}`),
            where,
          ).toHaveLength(1)
        if (gate.fired === undefined) {
          expect(at, 'operations that were tried').toBeGreaterThan(20)
          break
        }
        expect(at).toBeLessThan(100)
      }
    })
  },
)

it('what has begun on a storage without a log keeps what it comes after', async () => {
  const data = new Map<string, Json>()
  const database = new Database(':memory:')
  const first = migration({
    id: 'app:1',
    uses: { db: 'sql' },
    up: async ({ db }) => db.script('create table t (n integer)'),
    down: async ({ db }) => db.script('drop table t'),
  })
  const half = migration({
    id: 'app:2',
    uses: { data: 'kv' },
    dependsOn: ['app:1'],
    traits: idempotent,
    async up(context) {
      await context.data.set('a', 1)
      throw new Error('no')
    },
  })
  const manifest = manifestOf([first, half])
  const options = { adapters: { db: betterSqlite3(database), data: remote(data) }, state: memory() }
  await expect(migrate(manifest, options)).rejects.toMatchObject({ code: 'MIG_R0276', id: 'app:2' })
  const migrator = createMigrator(manifest, options)
  await expect(migrator.down('base')).rejects.toMatchObject({ code: 'MIG_R0123', id: 'app:2' })
  expect(database.prepare("select 1 from sqlite_master where name = 't'").all()).toHaveLength(1)
  await migrator.skip(['app:2'], { reason: 'set by hand' })
  await migrator.baseline('app:1', { reason: 'removed by hand' })
  expect((await migrator.down('base')).actions).toMatchObject([{ do: 'down', id: 'app:1' }])
})
