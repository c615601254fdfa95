import { describe } from 'vitest'
import { redis } from '../../src/adapters/redis.ts'
import type { RedisClient } from '../../src/adapters/redis/connection.ts'
import type { Json, KeyValue } from '../../src/runtime/handles.ts'
import { CLIENTS, freshPrefix, keysBehind } from '../servers/redis-clients.ts'
import { redisUrl } from '../servers/redis.ts'
import { type TestStorage, testAdapter, testDeferred } from './conformance.ts'

function storageOf(connect: () => RedisClient): () => TestStorage {
  return () => {
    const prefix = freshPrefix()
    return {
      open: () => redis(connect(), { prefix }),
      isUntouched: async () => (await keysBehind(prefix)).length === 0,
    }
  }
}

async function valuesOf(keys: KeyValue): Promise<Readonly<Record<string, Json | undefined>>> {
  const values: [string, Json | undefined][] = []
  for await (const key of keys.keys()) values.push([key, await keys.get(key)])
  return Object.fromEntries(values)
}

describe.skipIf(redisUrl === undefined).each(CLIENTS)('', (client, connect) => {
  const name = `redis through ${client}`
  const make = storageOf(() => connect())
  testAdapter(name, make)
  testDeferred(
    name,
    make,
    (staging) => (staging.handle('kv') as KeyValue).set('a', { b: [1, null] }),
    (staging) => valuesOf(staging.handle('kv') as KeyValue),
    { a: { b: [1, null] } },
  )
})
