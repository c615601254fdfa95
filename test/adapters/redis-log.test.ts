import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redis } from '../../src/adapters/redis.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { CLIENTS, freshPrefix, nodeRedis } from '../servers/redis-clients.ts'
import { redisUrl } from '../servers/redis.ts'
import { type TcpProxy, tcpProxy } from '../servers/tcp-proxy.ts'
import { entriesOf, entryAt } from '../../src/testing/log-entries.ts'

const server = new URL(redisUrl ?? 'redis://127.0.0.1:6379')
let proxy: TcpProxy
let throughProxy = ''
beforeAll(async () => {
  proxy = await tcpProxy(Number(server.port || 6379))
  throughProxy = Object.assign(new URL(server), { hostname: '127.0.0.1', port: `${proxy.port}` }).href
})
afterAll(() => proxy.stop())

/** As the runtime does it. */
async function appendPatiently(adapter: Adapter, entries: readonly Entry[]): Promise<'appended' | 'taken'> {
  for (;;) {
    try {
      return await adapter.log.append(entries)
    } catch (error) {
      if (adapter.classify(error) !== 'retry') throw error
      await delay(5)
    }
  }
}

const earlier = migration({ id: 'app:1', uses: { events: 'kv' }, up: ({ events }) => events.set('earlier', true) })
const visits = manifestOf([
  earlier,
  migration({
    id: 'app:2',
    uses: { events: 'kv' },
    up: async ({ events }) => events.set('visits', Number((await events.get('visits')) ?? 0) + 1),
  }),
])

describe.skipIf(redisUrl === undefined).each(CLIENTS)('the log through %s', (_, connect) => {
  it.each([10, 10_000])(
    'is asked once and answers little when a boot finds nothing to do, with %i entries',
    async (count) => {
      const prefix = freshPrefix()
      const client = connect(throughProxy)
      const options = { adapters: { events: redis(client, { prefix }) }, state: 'events' } as const
      await migrate(visits, options)
      const { log } = options.adapters.events
      const last = (await log.head())?.last
      if (!last) throw new TypeError('nothing was logged')
      await log.append(
        Array.from({ length: count }, (_value, index) => ({
          ...last,
          kind: 'checked',
          serial: last.serial + 1 + index,
        })),
      )
      proxy.sent.length = proxy.answered.length = 0
      expect(await migrate(visits, options)).toMatchObject({ outcome: 'current' })
      const messages = proxy.sent.join('').match(/^\*\d+\r$/gm)
      expect(messages).toHaveLength(1)
      expect(proxy.answered.join('').length).toBeLessThan(2000)
    },
  )

  it('P17 is not written twice, nor taken for another runner’s, when the answer to an append is lost', async () => {
    const adapter = redis(connect(throughProxy), { prefix: freshPrefix() })
    const entries = [entryAt(0), entryAt(1), entryAt(2)]
    const wasLost = proxy.loseAnswerTo('RPUSH')
    expect(await appendPatiently(adapter, entries)).toBe('appended')
    expect(wasLost()).toBe(true)
    expect(await entriesOf(adapter)).toEqual(entries)
    // Nor when others went on meanwhile.
    await adapter.log.append([entryAt(3)])
    expect(await adapter.log.append(entries)).toBe('appended')
    expect(await adapter.log.append([entryAt(1), entryAt(2)])).toBe('taken')
    expect(await entriesOf(adapter)).toHaveLength(4)
  })

  it.each(['RPUSH', 'HSET', 'SADD', 'HDEL', 'PX'])(
    'P17 tells the truth to a run that loses the answer to a script with %s',
    async (command) => {
      const prefix = freshPrefix()
      const adapters = { events: redis(connect(throughProxy), { prefix }) }
      const { log } = adapters.events
      await migrate(manifestOf([earlier]), { adapters, state: 'events' })
      const wasLost = proxy.loseAnswerTo(command)
      const first = await migrate(visits, { adapters, state: 'events' }).catch((error: unknown) => error)
      expect(wasLost()).toBe(true)
      if (first instanceof Error) expect(first).toMatchObject({ code: expect.stringMatching(/^MIG_R020[14]$/) })
      await migrate(visits, { adapters, state: 'events' })
      expect(await nodeRedis().get(`${prefix}visits`)).toBe('1')
      const kinds = (await entriesOf(adapters.events)).map(({ kind }) => kind)
      expect(kinds.filter((kind) => kind !== 'checked')).toEqual(['genesis', 'up', 'settled', 'up', 'settled'])
      expect((await log.head())?.last.open).toBe(0)
    },
  )

  it('is damaged, not empty, when an entry is', async () => {
    const prefix = freshPrefix()
    const key = `${prefix}.migrations:log`
    const adapters = { events: redis(connect(), { prefix }) }
    const options = { adapters, state: 'events' } as const
    await migrate(manifestOf([earlier]), options)
    const client = nodeRedis()
    const texts = await client.lRange(key, 0, -1)
    expect(texts).toHaveLength(4)
    for (const [index, whole] of texts.entries()) {
      const entry = JSON.parse(whole) as Entry
      for (const damaged of [
        {},
        { ...entry, serial: 7 },
        { ...entry, done: 1 },
        { ...entry, target: null },
        [],
        null,
      ]) {
        for (const text of [JSON.stringify(damaged), whole.slice(0, -1), '']) {
          await client.lSet(key, index, text)
          await expect(migrate(visits, options), text).rejects.toMatchObject({ code: 'MIG_R0221' })
        }
      }
      await client.lSet(key, index, whole)
    }
    const last = (await client.rPop(key)) ?? ''
    await expect(adapters.events.log.append([entryAt(4)])).rejects.toMatchObject({ code: 'MIG_R0221' })
    await client.rPush(key, last)
    await client.lPop(key)
    await expect(migrate(visits, options)).rejects.toMatchObject({ code: 'MIG_R0221' })
    expect(await client.exists(`${prefix}visits`)).toBe(0)
  })

  it('is an error, not empty, when its key holds another type', async () => {
    const prefix = freshPrefix()
    const key = `${prefix}.migrations:log`
    await nodeRedis().set(key, '[]')
    const adapters = { events: redis(connect(), { prefix }) }
    await expect(adapters.events.log.head()).rejects.toThrow('WRONGTYPE')
    await expect(entriesOf(adapters.events)).rejects.toThrow('WRONGTYPE')
    await expect(adapters.events.log.append([entryAt(0)])).rejects.toThrow('WRONGTYPE')
    await expect(migrate(visits, { adapters, state: 'events' })).rejects.toMatchObject({ code: 'MIG_R0222' })
    expect(await nodeRedis().get(key)).toBe('[]')
    expect(await nodeRedis().exists(`${prefix}visits`)).toBe(0)
  })
})
