import { Redis } from 'ioredis'

/**
 * Url of a Redis that answers: the one that REDIS_URL names, else one on this machine. `null`: none does.
 * @returns {Promise<string | null>}
 */
export async function findRedis() {
  const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379'
  try {
    await withClient(url, (client) => client.ping())
    return url
  } catch {
    // Nobody there, or nobody who lets us in: the story has another storage for it, and says which it took.
    return null
  }
}

/**
 * Keys behind `prefix`, with JSON as their values.
 * @param {string} url
 * @param {string} prefix
 * @returns {import('../installation.mjs').Events}
 */
export function redisEvents(url, prefix) {
  return {
    read: () =>
      withClient(url, async (client) => {
        const keys = await keysIn(client, prefix)
        if (keys.length === 0) return null
        /** @type {Map<string, unknown>} */
        const entries = new Map()
        for (const key of keys.filter((name) => !name.startsWith(`${prefix}.migrations:`)).toSorted()) {
          entries.set(key.slice(prefix.length), JSON.parse((await client.get(key)) ?? 'null'))
        }
        return entries
      }),
    add: (entries) =>
      withClient(url, async (client) => {
        for (const [key, value] of entries) await client.set(prefix + key, JSON.stringify(value))
      }),
    remove: () =>
      withClient(url, async (client) => {
        const keys = await keysIn(client, prefix)
        if (keys.length > 0) await client.del(keys)
      }),
  }
}

/**
 * @param {Redis} client
 * @param {string} prefix
 */
async function keysIn(client, prefix) {
  /** @type {string[]} */
  const keys = []
  for await (const page of client.scanStream({ match: `${prefix}*`, count: 1000 })) keys.push(...page)
  return [...new Set(keys)]
}

/**
 * @template T
 * @param {string} url
 * @param {(client: Redis) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function withClient(url, work) {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 })
  // What fails is told by the call that fails.
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    client.disconnect()
  }
}
