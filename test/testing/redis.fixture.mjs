import { redis } from 'unplugin-migrations/adapters/redis'

const prefixOf = (key) => `test *?[a-z]^\\ ${key}:`

// Each process imports the client that it uses, and no other: that is what most of its time goes to.
const connectors = {
  async 'node-redis'() {
    const { createClient } = await import('@redis/client')
    const client = await createClient({ url: process.env.TESTING_REDIS }).connect()
    return { client, end: () => client.close() }
  },
  async ioredis() {
    const { Redis } = await import('ioredis')
    const client = new Redis(process.env.TESTING_REDIS)
    return { client, end: () => client.quit() }
  },
}

/** On the server of TESTING_REDIS, by the client that TESTING_REDIS_CLIENT names. */
export async function open(key) {
  const prefix = prefixOf(key)
  const { client, end } = await connectors[process.env.TESTING_REDIS_CLIENT]()
  let isOpen = true
  return {
    adapter: redis(client, { prefix }),
    isUntouched: async () => (await withClient((own) => behind(own, prefix))).length === 0,
    damage: () => withClient(async (own) => void (await own.lset(`${prefix}.migrations:log`, 2, '{'))),
    async close() {
      if (isOpen) await end()
      isOpen = false
    },
  }
}

export async function drop(key) {
  await withClient(async (own) => {
    const keys = await behind(own, prefixOf(key))
    if (keys.length > 0) await own.unlink(keys)
  })
}

async function behind(client, prefix) {
  return (await client.keys('*')).filter((key) => key.startsWith(prefix))
}

async function withClient(use) {
  const { client, end } = await connectors.ioredis()
  try {
    return await use(client)
  } finally {
    await end()
  }
}
