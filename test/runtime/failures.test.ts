import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter, ErrorClass, Session } from '../../src/runtime/adapter.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { plan } from '../../src/runtime/plan.ts'
import { status } from '../../src/runtime/status.ts'
import { manifestOf, migration } from './manifest.ts'

const users = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table users (a)' })
const both = migration({
  id: 'app:2',
  uses: { db: 'sql', cache: 'kv' },
  up: async ({ db, cache }) => {
    await db.run`insert into users values (1)`
    await cache.set('a', 1)
  },
})
const cached = migration({ id: 'app:1', uses: { cache: 'kv' }, up: async ({ cache }) => cache.set('a', 1) })

/** Appends, or does not, and then fails; afterwards the log may be unreadable. */
function unreliable(
  adapter: Adapter<'kv'>,
  how: { readonly appends: boolean; readonly isReadable: boolean },
): Adapter<'kv'> {
  let isBroken = false
  return {
    ...adapter,
    log: {
      head: () => adapter.log.head(),
      read: (after) => {
        if (isBroken && !how.isReadable) throw new Error('connection refused')
        return adapter.log.read(after)
      },
      append: async (entries) => {
        if (entries[0]?.kind !== 'up' || isBroken) return adapter.log.append(entries)
        isBroken = true
        if (how.appends) await adapter.log.append(entries)
        throw new Error('connection reset')
      },
    },
  }
}

function failing(adapter: Adapter<'kv'>): Adapter<'kv'> {
  const open = async (): Promise<Session<'kv'>> => ({
    ...(await adapter.open()),
    settle: () => Promise.reject(new Error('no space left on device')),
  })
  return { ...adapter, open }
}

describe('C15 a module that cannot be used', () => {
  it.each([
    ['throws', () => Promise.reject(new Error('no such module')), /app:2: no such module/],
    ['exports nothing', async () => ({ default: { uses: { db: 'sql' } } }), /no `up`/],
  ])('%s', async (_, load, message) => {
    const options = { adapters: { db: betterSqlite3(new Database(':memory:')) }, state: 'db' as const }
    const broken = migration({ id: 'app:2', uses: { db: 'sql' }, load })
    const run = migrate(manifestOf([users, broken]), options)
    await expect(run).rejects.toMatchObject({
      code: 'MIG_R0203',
      id: 'app:2',
      applied: ['app:1'],
      notApplied: ['app:2'],
    })
    await expect(migrate(manifestOf([users, broken]), options)).rejects.toThrow(message)
  })

  it.each([
    ['a default export', (up: unknown) => ({ default: { up } })],
    ['named exports', (up: unknown) => ({ up })],
    ['CommonJS, as a bundler shows it', (up: unknown) => ({ default: { __esModule: true, default: { up } } })],
    ['CommonJS, as Node shows it', (up: unknown) => ({ default: { up }, 'module.exports': { up } })],
  ])('runs %s', async (_, shape) => {
    const data = new Map<string, Json>()
    const module = shape(cached.up)
    await migrate(manifestOf([{ ...cached, load: async () => module }]), {
      adapters: { cache: memory(data) },
      state: 'cache',
    })
    expect(data.get('a')).toBe(1)
  })
})

describe('P04 a commit without an answer', () => {
  it('took effect: the log says so, and the run goes on', async () => {
    const data = new Map<string, Json>()
    const cache = unreliable(memory(data), { appends: true, isReadable: true })
    const result = await migrate(manifestOf([cached]), { adapters: { cache }, state: 'cache' })
    expect(result.applied.map(({ id }) => id)).toEqual(['app:1'])
    expect(data.get('a')).toBe(1)
  })

  it('did not take effect: the migration failed, and nothing is left of it', async () => {
    const data = new Map<string, Json>()
    const adapter = memory(data)
    const cache = unreliable(adapter, { appends: false, isReadable: true })
    const run = migrate(manifestOf([cached]), { adapters: { cache }, state: 'cache' })
    await expect(run).rejects.toMatchObject({ code: 'MIG_R0201', id: 'app:1' })
    expect(await (await adapter.open()).staged?.()).toEqual([])
    expect(data.size).toBe(0)
  })

  it.each([true, false])(
    'cannot be known while the log cannot be read (it did: %s), and the next run knows',
    async (appends) => {
      const data = new Map<string, Json>()
      const adapter = memory(data)
      const cache = unreliable(adapter, { appends, isReadable: false })
      const run = migrate(manifestOf([cached]), { adapters: { cache }, state: 'cache' })
      await expect(run).rejects.toMatchObject({ code: 'MIG_R0202', id: 'app:1' })
      const next = await migrate(manifestOf([cached]), { adapters: { cache: adapter }, state: 'cache' })
      expect(next.applied).toHaveLength(appends ? 0 : 1)
      expect(data.get('a')).toBe(1)
      expect(await (await adapter.open()).staged?.()).toEqual([])
    },
  )
})

describe('a participant that is busy while its writes are made durable', () => {
  it.each(['stage', 'prepare'] as const)(
    'fails the attempt in %s, since only the committer is waited for',
    async (at) => {
      const database = new Database(':memory:')
      const cache = memory()
      const busy = (): Promise<never> => Promise.reject(new RangeError('busy'))
      const open = async (): Promise<Session<'kv'>> => {
        const session = await cache.open()
        return {
          ...session,
          async stage(entry) {
            if (at === 'stage' || !session.stage) return busy()
            return { ...(await session.stage(entry)), prepare: busy }
          },
        }
      }
      const classify = (error: unknown): ErrorClass => (error instanceof RangeError ? 'retry' : 'fatal')
      const db = { ...betterSqlite3(database), classify }
      const manifest = manifestOf([users, both])
      const run = migrate(manifest, { adapters: { db, cache: { ...cache, open } }, state: 'db' })
      await expect(run).rejects.toMatchObject({ code: 'MIG_R0201', id: 'app:2', cause: { message: 'busy' } })
      const mended = { adapters: { db: betterSqlite3(database), cache }, state: 'db' } as const
      expect((await migrate(manifest, mended)).applied.map(({ id }) => id)).toEqual(['app:2'])
    },
  )
})

describe('a committed migration whose staged work cannot be put in place', () => {
  it('stops the run, shows in the status, and the next run settles before anything else', async () => {
    const database = new Database(':memory:')
    const data = new Map<string, Json>()
    const cache = memory(data)
    const manifest = manifestOf([users, both])
    const stuck = { adapters: { db: betterSqlite3(database), cache: failing(cache) }, state: 'db' as const }
    for (const _ of [1, 2]) {
      await expect(migrate(manifest, stuck)).rejects.toMatchObject({ code: 'MIG_R0204', id: 'app:2', target: 'db' })
    }
    expect((await status(manifest, stuck)).migrations.map(({ state }) => state)).toEqual(['applied', 'settling'])
    expect(await plan(manifest, stuck)).toMatchObject({ migrations: [], settling: ['app:2'] })
    expect(database.prepare('select * from users').all()).toHaveLength(1)
    expect(data.size).toBe(0)

    const mended = { ...stuck, adapters: { ...stuck.adapters, cache } }
    expect(await migrate(manifest, mended)).toMatchObject({ applied: [], pending: [] })
    expect(data.get('a')).toBe(1)
    expect(database.prepare('select * from users').all()).toHaveLength(1)
  })

  it.each(['one', 'two'] as const)(
    'commits over storages that all defer, whichever of them fails: %s',
    async (broken) => {
      const [one, two] = [new Map<string, Json>(), new Map<string, Json>()]
      const whole = { one: memory(one), two: memory(two) }
      const over = migration({
        id: 'app:1',
        uses: { one: 'kv', two: 'kv' },
        up: async (context) => {
          await context.one.set('a', Number((await context.two.get('a')) ?? 0) + 1)
          await context.two.set('a', Number((await context.one.get('a')) ?? 0) + 1)
        },
      })
      const manifest = manifestOf([over])
      const adapters = { ...whole, [broken]: failing(whole[broken]) }
      await expect(migrate(manifest, { adapters, state: 'two' })).rejects.toMatchObject({
        code: 'MIG_R0204',
        target: 'one',
      })
      expect(await migrate(manifest, { adapters: whole, state: 'two' })).toMatchObject({ applied: [] })
      expect([one.get('a'), two.get('a')]).toEqual([1, 1])
      expect((await migrate(manifest, { adapters: whole, state: 'two' })).outcome).toBe('current')
      for (const adapter of Object.values(whole)) expect(await (await adapter.open()).staged?.()).toEqual([])
    },
  )

  it('keeps everything else waiting, also when its storage is not bound any more', async () => {
    const db = betterSqlite3(new Database(':memory:'))
    const cache = memory()
    await migrate(manifestOf([users, both]), { adapters: { db, cache: failing(cache) }, state: 'db' }).catch(() => {})
    const more = manifestOf([users, migration({ id: 'app:3', uses: { db: 'sql' }, sql: 'create table more (a)' })])
    await expect(migrate(more, { adapters: { db }, state: 'db' })).rejects.toMatchObject({
      code: 'MIG_R0108',
      id: 'app:2',
    })
  })
})

describe('a storage that holds staged work whose committer is not bound any more', () => {
  const two = migration({
    id: 'other:2',
    uses: { cache: 'kv' },
    up: async (roles) => roles.cache.set('k', Number(await roles.cache.get('k')) + 10),
  })

  /** A process ended between the commit and the settling. */
  async function left() {
    const [database, data, state] = [new Database(':memory:'), new Map<string, Json>([['k', 0]]), memory()]
    const cache = memory(data)
    const dying: Adapter = {
      ...cache,
      open: async () => ({
        ...(await cache.open()),
        tryLock: () => Promise.reject(new Error('the process ends')),
      }),
    }
    const uses = { db: 'sql', cache: 'kv' } as const
    const one = migration({ id: 'app:1', uses, up: async (roles) => roles.cache.set('k', 1) })
    const db = betterSqlite3(database)
    await expect(migrate(manifestOf([one]), { adapters: { db, cache: dying }, state })).rejects.toMatchObject({
      code: 'MIG_R0204',
    })
    await expect(migrate(manifestOf([two]), { adapters: { cache }, state })).rejects.toMatchObject({
      code: 'MIG_R0108',
      target: 'cache',
    })
    expect(data.get('k')).toBe(0)
    return { db, cache, state, data, one }
  }

  it('is left alone until it is bound again', async () => {
    const { db, cache, state, data, one } = await left()
    await migrate(manifestOf([one, two]), { adapters: { db, cache }, state })
    expect(data.get('k')).toBe(11)
    expect(await migrate(manifestOf([two]), { adapters: { cache }, state })).toMatchObject({ applied: [] })
  })

  it('goes on where that is gone for good', async () => {
    const { cache, state, data } = await left()
    await migrate(manifestOf([two]), { adapters: { cache }, state, unbound: ['db'] })
    expect(data.get('k')).toBe(10)
  })
})

it('says which migration and target an error is of, although its thrower did not know', async () => {
  const bad = migration({ id: 'app:bad', uses: { db: 'sql' }, up: ({ db }) => db.script('commit') })
  const run = migrate(manifestOf([bad]), { adapters: { db: betterSqlite3(new Database(':memory:')) }, state: 'db' })
  const error: unknown = await run.catch((thrown: unknown) => thrown)
  const said = '[MIG_R0211] app:bad: db: SQL with commit\n  next: see unplugin-migrations/docs/errors.md'
  expect(error).toMatchObject({ message: said })
})
