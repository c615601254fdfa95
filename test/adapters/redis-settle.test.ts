import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { redis } from '../../src/adapters/redis.ts'
import { createMigrator } from '../../src/admin.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { CLIENTS, freshPrefix, keysBehind, nodeRedis } from '../servers/redis-clients.ts'
import { redisUrl } from '../servers/redis.ts'
import { type TcpProxy, tcpProxy } from '../servers/tcp-proxy.ts'
import { openSession, prepared } from './redis-staging.ts'

const server = new URL(redisUrl ?? 'redis://127.0.0.1:6379')
/** In the script that settles, and in no other. */
const SETTLING = 'KEEPTTL'
let proxy: TcpProxy
let throughProxy = ''
beforeAll(async () => {
  proxy = await tcpProxy(Number(server.port || 6379))
  throughProxy = Object.assign(new URL(server), { hostname: '127.0.0.1', port: `${proxy.port}` }).href
})
afterAll(() => proxy.stop())

describe.skipIf(redisUrl === undefined).each(CLIENTS)('settling through %s', (_, connect) => {
  it('is refused before the commit where a key changed since the migration read it, and not where it went away by itself', async () => {
    const prefix = freshPrefix()
    const application = nodeRedis()
    const one = redis(connect(), { prefix })
    const change = async (key: string, meanwhile: () => Promise<unknown>): ReturnType<typeof prepared> =>
      prepared(one, async (keys) => {
        const visits = Number(await keys.get(key))
        await meanwhile()
        await keys.set(key, visits + 1)
      })
    await application.set(`${prefix}a`, '1')
    await application.set(`${prefix}b`, '1', { PX: 60_000 })
    const late = change('a', () => application.set(`${prefix}a`, '5'))
    await expect(late).rejects.toMatchObject({ code: 'MIG_R0231' })
    expect(await application.get(`${prefix}a`)).toBe('5')
    const { redo } = await change('b', () => application.del(`${prefix}b`))
    await (await openSession(one)).settle(redo)
    expect(await application.get(`${prefix}b`)).toBeNull()
    await application.unlink([...(await keysBehind(prefix))])
  })

  it('changes nothing when it comes late, even where the application has put back the old value', async () => {
    const prefix = freshPrefix()
    const application = nodeRedis()
    await application.set(`${prefix}a`, '1')
    const slow = redis(connect(throughProxy), { prefix })
    const { redo, attempt } = await prepared(slow, (keys) => keys.set('a', 2))

    const first = await openSession(slow)
    expect(await first.tryLock()).toBe(true)
    const held = proxy.hold(SETTLING)
    const late = first.settle(redo)
    await held.arrived

    // The lock is stolen while its holder stands still.
    const second = await openSession(redis(connect(), { prefix }))
    expect(await second.tryLock()).toBe(false)
    await application.del(`${prefix}.migrations:lock`)
    expect(await second.tryLock()).toBe(true)
    await second.settle(redo)
    expect(await application.get(`${prefix}a`)).toBe('2')
    await second.discard(attempt)
    await second.unlock()

    await application.set(`${prefix}a`, '1')
    held.release()
    await late
    await first.close()
    expect(await application.get(`${prefix}a`)).toBe('1')
    // And whoever begins to settle it only now.
    await (await openSession(redis(connect(), { prefix }))).settle(redo)
    expect(await application.get(`${prefix}a`)).toBe('1')
  })

  it('happens once when two do it at the same time', async () => {
    const prefix = freshPrefix()
    const adapters = [redis(connect(), { prefix }), redis(connect(), { prefix })]
    const { redo } = await prepared(redis(connect(), { prefix }), async (keys) => {
      for (let n = 0; n < 200; n++) await keys.set(`${n}`, n)
    })
    const sessions = await Promise.all(adapters.map(openSession))
    await Promise.all([...sessions, ...sessions].map((session) => session.settle(redo)))
    expect(await nodeRedis().mGet(Array.from({ length: 200 }, (_value, n) => `${prefix}${n}`))).toEqual(
      Array.from({ length: 200 }, (_value, n) => `${n}`),
    )
  })

  it('overwrites no key that changed since the migration read it, nor changes any other', async () => {
    const prefix = freshPrefix()
    const application = nodeRedis()
    await application.mSet({ [`${prefix}a`]: '1', [`${prefix}b`]: '1' })
    const adapter = redis(connect(), { prefix })
    const { redo } = await prepared(adapter, async (keys) => {
      await keys.set('a', 2)
      await keys.set('b', Number(await keys.get('b')) + 1)
    })
    // An update that must not be lost.
    await application.set(`${prefix}b`, '7')
    const session = await openSession(adapter)
    await expect(session.settle(redo)).rejects.toMatchObject({
      code: 'MIG_R0231',
      message: expect.stringContaining('"b"'),
    })
    expect(await application.mGet([`${prefix}a`, `${prefix}b`])).toEqual(['1', '7'])
    // Back at what the migration saw, and written by another hand.
    await application.set(`${prefix}b`, ' 1.0 ')
    await session.settle(redo)
    expect(await application.mGet([`${prefix}a`, `${prefix}b`])).toEqual(['2', '2'])
  })

  it('overwrites no key that changes while it settles', async () => {
    const prefix = freshPrefix()
    const application = nodeRedis()
    const slow = redis(connect(throughProxy), { prefix })
    const { redo } = await prepared(slow, async (keys) => {
      await keys.set('a', 1)
      await keys.set('b', 1)
    })
    const session = await openSession(slow)
    for (const [key, value, code] of [
      ['b', '"of the application"', 'MIG_R0231'],
      ['a', 'no JSON', 'MIG_R0234'],
    ] as const) {
      const held = proxy.hold(SETTLING)
      const settling = expect(session.settle(redo)).rejects.toMatchObject({ code })
      await held.arrived
      await application.set(`${prefix}${key}`, value)
      held.release()
      await settling
      const expected = { a: null, b: null, [key]: value }
      expect(await application.mGet([`${prefix}a`, `${prefix}b`])).toEqual([expected.a, expected.b])
      await application.del(`${prefix}${key}`)
    }
    // The application is first with what the migration wants.
    const held = proxy.hold(SETTLING)
    const settling = session.settle(redo)
    await held.arrived
    await application.set(`${prefix}b`, '1')
    held.release()
    await settling
    expect(await application.mGet([`${prefix}a`, `${prefix}b`])).toEqual(['1', '1'])
  })

  it('leaves alone what expired, and only that', async () => {
    const prefix = freshPrefix()
    const application = nodeRedis()
    await application.mSet({ [`${prefix}session`]: '1', [`${prefix}kept`]: '1' })
    await application.pExpire(`${prefix}session`, 600_000)
    const adapter = redis(connect(), { prefix })
    const { redo } = await prepared(adapter, async (keys) => {
      await keys.set('session', 2)
      await keys.set('kept', 2)
    })
    const session = await openSession(adapter)
    await application.set(`${prefix}session`, '3', { expiration: 'KEEPTTL' })
    await expect(session.settle(redo)).rejects.toMatchObject({ code: 'MIG_R0231' })
    await application.pExpire(`${prefix}session`, 1)
    while (await application.exists(`${prefix}session`)) await delay(1)
    await application.del(`${prefix}kept`)
    await expect(session.settle(redo)).rejects.toMatchObject({ code: 'MIG_R0231' })
    await application.set(`${prefix}kept`, '1')
    await session.settle(redo)
    expect(await application.mGet([`${prefix}session`, `${prefix}kept`])).toEqual([null, '2'])
  })

  it('stops when the staged changes are gone, or not what was prepared', async () => {
    const prefix = freshPrefix()
    const application = nodeRedis()
    const adapter = redis(connect(), { prefix })
    const { redo, attempt } = await prepared(adapter, (keys) => keys.set('a', 1))
    const session = await openSession(adapter)
    const staged = `${prefix}.migrations:staged`
    const text = (await application.hGet(staged, attempt)) ?? ''
    await application.hSet(staged, attempt, text.replace('"a"', '"b"'))
    await expect(session.settle(redo)).rejects.toMatchObject({ code: 'MIG_R0236' })
    await application.hDel(staged, attempt)
    await expect(session.settle(redo)).rejects.toMatchObject({ code: 'MIG_R0236' })
    for (const other of [null, {}, { name: attempt }])
      await expect(session.settle(other)).rejects.toMatchObject({ code: 'MIG_R0236' })
    expect(await keysBehind(prefix)).toEqual([])
  })

  it('takes as many changes as there are', async () => {
    const prefix = freshPrefix()
    const adapter = redis(connect(), { prefix })
    const count = 100_000
    const { redo } = await prepared(adapter, async (keys) => {
      for (let n = 0; n < count; n++) await keys.set(`${n}`, n)
    })
    await (await openSession(adapter)).settle(redo)
    expect(await nodeRedis().get(`${prefix}${count - 1}`)).toBe(`${count - 1}`)
    expect(await keysBehind(prefix)).toHaveLength(count + 2)
  })
})

describe.skipIf(redisUrl === undefined).each(CLIENTS)('the lock through %s', (_, connect) => {
  it('stays with its holder for longer than its lease, and no longer than that with one that is gone', async () => {
    const prefix = freshPrefix()
    const key = `${prefix}.migrations:lock`
    const holder = connect()
    const first = await openSession(redis(holder, { prefix }))
    const second = await openSession(redis(connect(), { prefix }))
    expect(await first.tryLock()).toBe(true)
    const lease = await nodeRedis().pTTL(key)
    expect(lease).toBeGreaterThan(0)
    await delay(lease + 1000)
    expect(await second.tryLock()).toBe(false)
    // Without a connection, nothing renews it.
    holder.disconnect()
    while (!(await second.tryLock())) await delay(100)
    await second.close()
    expect(await nodeRedis().exists(key)).toBe(0)
  })

  it('is not given back by who lost it', async () => {
    const prefix = freshPrefix()
    const first = await openSession(redis(connect(), { prefix }))
    const second = await openSession(redis(connect(), { prefix }))
    expect(await first.tryLock()).toBe(true)
    await nodeRedis().del(`${prefix}.migrations:lock`)
    expect(await second.tryLock()).toBe(true)
    await first.unlock()
    expect(await first.tryLock()).toBe(false)
    await second.unlock()
    expect(await first.tryLock()).toBe(true)
    await first.close()
  })

  it.each(['applied', 'not-applied'] as const)(
    'whose stage is lost goes on as %s when somebody says so, with the attempt',
    async (verdict) => {
      const prefix = freshPrefix()
      const application = nodeRedis()
      const database = new Database(':memory:')
      const db = betterSqlite3(database)
      const cache = redis(connect(), { prefix })
      const first = migration({
        id: 'app:1',
        uses: { db: 'sql', cache: 'kv' },
        async up(context) {
          await context.db.script('create table t (n integer)')
          await context.cache.set('k', 1)
        },
      })
      const manifest = manifestOf([first, migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'create table u (n)' })])
      const tryLock = async (): Promise<boolean> => {
        throw new Error('the process dies here')
      }
      const dying = { ...cache, open: async () => ({ ...(await cache.open()), tryLock }) }
      await expect(migrate(manifest, { adapters: { db, cache: dying }, state: 'db' })).rejects.toThrow('dies here')
      await application.del(`${prefix}.migrations:staged`)

      const options = { adapters: { db, cache }, state: 'db' } as const
      const error: unknown = await migrate(manifest, options).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'MIG_R0236', id: 'app:1', attempt: expect.any(String) })
      const { attempt } = error as { readonly attempt: string }
      const migrator = createMigrator(manifest, options)
      const asked = { attempt, reason: 'a failover' }
      const other = migrator.resolve('app:1', verdict, { ...asked, attempt: 'another' })
      await expect(other).rejects.toMatchObject({ code: 'MIG_R0125' })
      const dry = await migrator.resolve('app:1', verdict, { ...asked, dryRun: true })
      await expect(migrate(manifest, options)).rejects.toMatchObject({ code: 'MIG_R0236' })
      if (verdict === 'not-applied') database.exec('drop table t')
      else await application.set(`${prefix}k`, '1')
      expect((await migrator.resolve('app:1', verdict, asked)).actions).toEqual(dry.actions)
      expect((await migrator.history({ id: 'app:1' })).at(-1)).toMatchObject({
        kind: 'mark',
        attempt,
        data: { applied: verdict === 'applied', reason: 'a failover' },
      })
      await expect(migrator.resolve('app:1', verdict, asked)).rejects.toMatchObject({ code: 'MIG_R0125' })
      const { applied } = await migrate(manifest, options)
      expect(applied.map(({ id }) => id)).toEqual(verdict === 'applied' ? ['app:2'] : ['app:1', 'app:2'])
      expect(await application.get(`${prefix}k`)).toBe('1')
      await application.unlink([...(await keysBehind(prefix))])
    },
  )
})
