import { Redis } from 'ioredis'
import { jsonFile } from 'unplugin-migrations/adapters/json-file'
import { redis } from 'unplugin-migrations/adapters/redis'
import type { Adapter } from 'unplugin-migrations/runtime'
import { eventsFile, whenClosed } from './storage.ts'

/** The key-value storage of the activity component, which its last migration empties: in Redis where one is named. */
export function events(): Adapter<'kv'> {
  const url = process.env['TRAVEL_REDIS_URL']
  if (url === undefined) return jsonFile(eventsFile)
  const client = new Redis(url)
  whenClosed(async () => client.disconnect())
  return redis(client, { prefix: process.env['TRAVEL_REDIS_PREFIX'] ?? 'travel:' })
}
