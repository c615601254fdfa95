import { type Adapter, defineAdapter } from '../runtime/adapter.ts'
import { deferredWrites } from '../runtime/deferred/writes.ts'
import { MigrationError } from '../runtime/errors.ts'
import { redisCell } from './redis/cell.ts'
import { type RedisClient, isCluster, scriptRunner } from './redis/connection.ts'
import { classify } from './redis/error-class.ts'
import { redisLock } from './redis/lock.ts'
import { redisLog } from './redis/log.ts'
import { redisStages } from './redis/stages.ts'
import { OWN } from './redis/values.ts'

export interface RedisOptions {
  /**
   * What the keys of this storage begin with. Two storages in one database need two, neither the beginning of the other.
   * On Redis Cluster it holds a hash tag (`{app}:`), so that all keys lie on one server. @default ''
   */
  readonly prefix?: string
}

/**
 * Keys of Redis 6 or later, or of what speaks its protocol and runs Lua, through a client of ioredis or node-redis. A
 * value is the text of a JSON value, and keeps its time to live when it is changed. Log and staged work are the keys
 * behind `<prefix>.migrations:`; they belong to the data, back them up together.
 *
 * As durable as the server is set up to be: one that loses its last writes in a crash or a failover loses log entries
 * with them.
 *
 * @throws MigrationError `MIG_R0110` on a cluster, when the prefix holds no hash tag
 * @example
 * adapters: { sessions: redis(new Redis(process.env.REDIS_URL), { prefix: 'shop:' }) }
 */
export const redis: (client: RedisClient, options?: RedisOptions) => Adapter<'kv'> = defineAdapter(
  (client: RedisClient, { prefix = '' }: RedisOptions = {}): Adapter<'kv'> => {
    if (isCluster(client) && !/^[^{]*\{[^}]+\}/.test(prefix))
      throw new MigrationError('MIG_R0110', `prefix ${JSON.stringify(prefix)} on a cluster`)
    const run = scriptRunner(client)
    const stages = redisStages(run, prefix)
    return {
      name: 'redis',
      kinds: ['kv'],
      capabilities: { atomic: 'key', deferred: true },
      strategy: deferredWrites,
      state: { cas: 'single-node', durability: 'lazy' },
      client,
      log: redisLog(run, `${prefix}${OWN}log`),
      lease: redisCell(run, `${prefix}${OWN}lease`),
      async open() {
        const lock = redisLock(run, `${prefix}${OWN}lock`)
        return { ...stages, ...lock, close: async () => void (await lock.unlock()) }
      },
      classify,
    }
  },
)

export default redis
