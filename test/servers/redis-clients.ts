import { type RedisClientOptions, createClient } from '@redis/client'
import { Redis, type RedisOptions } from 'ioredis'
import { afterAll } from 'vitest'
import { uniqueId } from '../../src/runtime/unique-id.ts'
import { redisUrl } from './redis.ts'

const URL = redisUrl ?? ''
const prefixes: string[] = []
const ends: (() => unknown)[] = []

// Both clients say on `error` that a connection broke, which tests here do on purpose: their calls fail or succeed.
function ignoreBroken(): void {}

export function ioRedis(
  url: string = URL,
  options: Pick<RedisOptions, 'enableOfflineQueue' | 'keyPrefix'> = {},
): Redis {
  const client = new Redis(url, options)
  client.on('error', ignoreBroken)
  ends.push(() => client.disconnect())
  return client
}

export function nodeRedis(
  url: string = URL,
  options: Pick<RedisClientOptions, 'keyPrefix' | 'disableOfflineQueue'> = {},
) {
  const client = createClient({ url, ...options })
  client.on('error', ignoreBroken)
  ends.push(() => client.isOpen && client.destroy())
  client.connect().catch(ignoreBroken)
  return client
}

export const CLIENTS = [
  ['ioredis', ioRedis],
  ['node-redis', nodeRedis],
] as const

/** Of the test's own, on the shared server: what patterns and messages could trip over. Its keys are deleted at the end. */
export function freshPrefix(): string {
  const prefix = `test *?[a-z]^\\ ${uniqueId()}:`
  prefixes.push(prefix)
  return prefix
}

/** Keys behind a prefix as the server itself has them. */
export async function keysBehind(prefix: string): Promise<readonly string[]> {
  return (await nodeRedis().keys('*')).filter((key) => key.startsWith(prefix)).toSorted()
}

afterAll(async () => {
  const client = prefixes.length > 0 ? nodeRedis() : undefined
  for (const prefix of prefixes) {
    const keys = await keysBehind(prefix)
    if (keys.length > 0) await client?.unlink([...keys])
  }
  for (const end of ends) end()
})
