/** What is used of a client of ioredis: `Redis` or `Cluster`. */
export interface IoRedisClient {
  readonly isCluster: boolean
  call(command: string, parameters: string[]): Promise<unknown>
}

/** What is used of a client of node-redis (`redis` or `@redis/client`): a client, a pool or a cluster, connected. */
export interface NodeRedisClient {
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>
  withTypeMapping?(mapping: Readonly<Record<string, never>>): Pick<NodeRedisClient, 'eval'>
}

export type RedisClient = IoRedisClient | NodeRedisClient

/**
 * Runs a Lua script: the one call in which all clients agree. It also goes to the primary where reads are sent to
 * replicas, is routed by its keys in a cluster, and takes part in a client's own `keyPrefix`. Few parameters, long lists
 * as one text of JSON: node-redis spreads them over the stack.
 */
export type RunScript = (script: string, keys: readonly string[], ...parameters: readonly string[]) => Promise<unknown>

export function scriptRunner(client: RedisClient): RunScript {
  if (isIoRedis(client)) {
    return (script, keys, ...parameters) => client.call('eval', [script, `${keys.length}`, ...keys, ...parameters])
  }
  // A client may be set up to answer with something else than strings.
  const plain = client.withTypeMapping?.({}) ?? client
  return (script, keys, ...parameters) => plain.eval(script, { keys: [...keys], arguments: [...parameters] })
}

/** Whether the client's keys lie on several servers. */
export function isCluster(client: RedisClient): boolean {
  return isIoRedis(client) ? client.isCluster : 'slots' in client
}

function isIoRedis(client: RedisClient): client is IoRedisClient {
  return 'call' in client
}
