import { setTimeout as delay } from 'node:timers/promises'
import { createCluster } from '@redis/client'
import { Cluster } from 'ioredis'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { redis } from '../../src/adapters/redis.ts'
import type { RedisClient } from '../../src/adapters/redis/connection.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { CLIENTS, ioRedis, nodeRedis } from '../servers/redis-clients.ts'
import { type OwnRedis, hasRedisServer, startRedis } from '../servers/redis.ts'
import { entriesOf, entryAt } from '../../src/testing/log-entries.ts'
import { listed, reading } from './redis-staging.ts'

const one = manifestOf([migration({ id: 'app:1', uses: { events: 'kv' }, up: ({ events }) => events.set('a', 1) })])

const started: OwnRedis[] = []

async function start(...options: readonly string[]): Promise<OwnRedis> {
  const server = await startRedis(...options)
  started.push(server)
  return server
}

async function stopAll(): Promise<void> {
  await Promise.all(started.splice(0).map((server) => server.stop()))
}

async function classOf(client: RedisClient, call: 'append' | 'head'): Promise<string> {
  const adapter = redis(client)
  const { log } = adapter
  const failed = (call === 'head' ? log.head() : log.append([entryAt(0)])).then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  )
  const outcome = await failed
  return 'error' in outcome ? adapter.classify(outcome.error) : JSON.stringify(outcome.answer)
}

describe.skipIf(!hasRedisServer).each(CLIENTS)('a server through %s', (_, connect) => {
  afterEach(stopAll)

  it('P18 that may evict the log is refused before anything is written', async () => {
    const { url } = await start('--maxmemory-policy', 'allkeys-lru')
    const adapters = { events: redis(connect(url)) }
    const options = { adapters, state: 'events' } as const
    await expect(migrate(one, options)).rejects.toMatchObject({ code: 'MIG_R0110' })
    expect(await nodeRedis(url).dbSize()).toBe(0)
    await nodeRedis(url).configSet('maxmemory-policy', 'volatile-lru')
    expect(await migrate(one, options)).toMatchObject({ outcome: 'migrated' })
    // A log that was evicted after all is not begun anew.
    await nodeRedis(url).configSet('maxmemory-policy', 'allkeys-lru')
    await nodeRedis(url).flushDb()
    await expect(migrate(one, options)).rejects.toMatchObject({ code: 'MIG_R0110' })
    expect(await nodeRedis(url).dbSize()).toBe(0)
  })

  it('P17 that is a replica is read-only, and busy while it may not answer', async () => {
    const { url } = await start('--replicaof', '127.0.0.1', '1')
    expect(await classOf(connect(url), 'append')).toBe('read-only')
    expect(await classOf(connect(url), 'head')).toBe('null')
    await nodeRedis(url).configSet('replica-serve-stale-data', 'no')
    expect(await classOf(connect(url), 'head')).toBe('retry')
    expect(await classOf(connect(url), 'append')).toBe('retry')
  })

  it('P17 is busy while it lacks replicas, or runs a long script', async () => {
    const { url } = await start('--busy-reply-threshold', '50', '--min-replicas-to-write', '1')
    expect(await classOf(connect(url), 'append')).toBe('retry')
    const script = ioRedis(url).eval('while true do end', 0).catch(String)
    let outcome = ''
    const client = connect(url)
    while (outcome !== 'retry') outcome = await classOf(client, 'head')
    await nodeRedis(url).sendCommand(['SCRIPT', 'KILL'])
    expect(await script).toContain('SCRIPT KILL')
    expect(await classOf(client, 'head')).toBe('null')
  })

  it('is not there: a client that is closed, or has no permission, is not busy', async () => {
    const { url } = await start()
    await nodeRedis(url).sendCommand(['ACL', 'SETUSER', 'default', '-@write'])
    expect(await classOf(connect(url), 'append')).toBe('fatal')
    const client = connect(url)
    expect(await classOf(client, 'head')).toBe('null')
    client.disconnect()
    expect(await classOf(client, 'head')).toBe('fatal')
  })
})

it('a server that is not there is no empty one, and the message says why', async () => {
  const adapters = { events: redis(nodeRedis('redis://127.0.0.1:1')) }
  const failed = migrate(one, { adapters, state: 'events' })
  await expect(failed).rejects.toMatchObject({ code: 'MIG_R0222', message: expect.stringContaining('TimeoutError') })
})

describe.skipIf(!hasRedisServer)('a client that does not wait for its connection', () => {
  afterEach(stopAll)

  it.each([
    ['ioredis', (url: string) => ioRedis(url, { enableOfflineQueue: false })],
    ['node-redis', (url: string) => nodeRedis(url, { disableOfflineQueue: true })],
  ] as const)('is busy until it has one: %s', async (_, connect) => {
    const { url } = await start()
    const client = connect(url)
    expect(await classOf(client, 'append')).toBe('retry')
    while ((await classOf(client, 'head')) === 'retry') await delay(5)
    expect(await classOf(client, 'append')).toBe('"appended"')
  })
})

describe.skipIf(!hasRedisServer)('a cluster', () => {
  const ends: (() => unknown)[] = []
  /** One for each server. */
  let prefixes: readonly string[] = []
  let roots: readonly OwnRedis[] = []

  beforeAll(async () => {
    roots = [await start('--cluster-enabled', 'yes'), await start('--cluster-enabled', 'yes')]
    const [low, high] = roots.map(({ url }) => nodeRedis(url))
    if (!low || !high) throw new TypeError('two servers were started')
    await low.clusterAddSlotsRange({ start: 0, end: 8191 })
    await high.clusterAddSlotsRange({ start: 8192, end: 16_383 })
    await low.clusterMeet('127.0.0.1', roots[1]?.port ?? 0)
    for (const client of [low, high]) while (!(await client.clusterInfo()).includes('cluster_state:ok')) await delay(20)
    const slots = await Promise.all(
      ['{a}:', '{b}:', '{c}:'].map(async (p) => [p, await low.clusterKeySlot(p)] as const),
    )
    prefixes = [slots.find(([, slot]) => slot < 8192), slots.find(([, slot]) => slot > 8191)].map((p) => p?.[0] ?? '')
  })
  afterAll(async () => {
    for (const end of ends) end()
    await stopAll()
  })

  function ioCluster(): Cluster {
    const cluster = new Cluster(
      roots.map(({ port }) => ({ host: '127.0.0.1', port })),
      { scaleReads: 'all' },
    )
    ends.push(() => cluster.disconnect())
    return cluster
  }

  async function nodeCluster() {
    const cluster = createCluster({ rootNodes: roots.map(({ url }) => ({ url })), useReplicas: true })
    await cluster.connect()
    ends.push(() => cluster.destroy())
    return cluster
  }

  it.each([
    ['ioredis', ioCluster],
    ['node-redis', nodeCluster],
  ] as const)('holds one storage on one server: %s', async (name, connect) => {
    const client = await connect()
    expect(prefixes).toHaveLength(2)
    for (const tag of prefixes) {
      const adapters = { events: redis(client, { prefix: `${tag}${name}:` }) }
      const manifest = manifestOf([
        migration({
          id: 'app:1',
          uses: { events: 'kv' },
          up: async ({ events }) => {
            for (let n = 0; n < 250; n++) await events.set(`page/${n}`, n)
          },
        }),
        migration({
          id: 'app:2',
          uses: { events: 'kv' },
          up: async ({ events }) => {
            for await (const key of events.keys('page/')) await events.set(key, Number(await events.get(key)) + 1)
          },
        }),
      ])
      expect((await migrate(manifest, { adapters, state: 'events' })).applied).toHaveLength(2)
      expect(await reading(adapters.events, (keys) => listed(keys))).toHaveLength(250)
      expect(await reading(adapters.events, (keys) => keys.get('page/249'))).toBe(250)
      expect(await migrate(manifest, { adapters, state: 'events' })).toMatchObject({ outcome: 'current' })
    }
  })

  it('refuses staged work on several servers before the commit, where it cannot be told by the client', async () => {
    const cluster = await nodeCluster()
    const client: RedisClient = { eval: (script, options) => cluster.eval(script, options) }
    const adapters = { events: redis(client, { prefix: 'app:' }) }
    await expect(migrate(one, { adapters, state: 'events' })).rejects.toMatchObject({
      code: 'MIG_R0201',
      message: expect.stringContaining('CROSSSLOT'),
    })
    expect((await entriesOf(adapters.events)).map(({ kind }) => kind)).toEqual(['genesis'])
  })

  it.each(['', 'app:', '{}app:', 'a{b:', '}{'])('refuses a prefix without a hash tag: %j', async (prefix) => {
    const expected = expect.objectContaining({ code: 'MIG_R0110' })
    expect(() => redis(ioCluster(), { prefix })).toThrow(expected)
    const client = await nodeCluster()
    expect(() => redis(client, { prefix })).toThrow(expected)
  })
})
