import type { Redis } from 'ioredis'
import { redis } from '../../../src/adapters/redis.ts'
import { CANARY, type Place, type StorageCase, freshName } from './storage-case.ts'

let connected: Promise<Redis> | undefined

async function connectedTo(url: string): Promise<Redis> {
  const { Redis: Driver } = await import('ioredis')
  return new Driver(url)
}

/** A connection of the test's own. */
function observer({ url = '' }: Place): Promise<Redis> {
  connected ??= connectedTo(url)
  return connected
}

const OWN = ['log', 'staged', 'settled', 'lock'].map((name) => `.migrations:${name}`)

export const redisCase: StorageCase = {
  adapter: 'redis',
  kind: 'kv',
  unit: 'entry',
  reach: 'processes',
  needs: 'redis',
  always: [],
  errors: {
    // Of a class that the runtime does not try again: where it does, the adapter below it finds its own effect.
    lost: () => new Error('Command timed out'),
    busy: () => new Error('LOADING Redis is loading the dataset in memory'),
    error: () => new Error("OOM command not allowed when used memory > 'maxmemory'."),
  },
  async create({ redis: server = '' }) {
    const url = new URL(server)
    // The user that needs no password may have any.
    if (url.password === '') Object.assign(url, { username: 'default', password: CANARY })
    return { url: url.href, prefix: `faults ${process.pid} ${freshName()}:` }
  },
  async connect({ url = '', prefix = '' }) {
    const client = await connectedTo(url)
    client.on('error', () => {})
    return { adapter: redis(client, { prefix }), end: async () => client.disconnect() }
  },
  async effects(place) {
    const text = await (await observer(place)).get(`${place['prefix']}effects`)
    return text === null ? [] : (JSON.parse(text) as string[])
  },
  async leftovers(place) {
    const client = await observer(place)
    const stages = await client.hkeys(`${place['prefix']}.migrations:staged`)
    const holder = await client.get(`${place['prefix']}.migrations:lock`)
    return [...stages.map((attempt) => `staged ${attempt}`), ...(holder === null ? [] : [`the lock of ${holder}`])]
  },
  async expire(place) {
    await (await observer(place)).del(`${place['prefix']}.migrations:lock`)
  },
  async remove(place) {
    await (await observer(place)).unlink(['effects', ...OWN].map((name) => `${place['prefix']}${name}`))
  },
  async disconnect() {
    ;(await connected)?.disconnect()
    connected = undefined
  },
}
