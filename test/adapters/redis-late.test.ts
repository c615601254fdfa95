import { type Socket, connect, createServer } from 'node:net'
import { Redis, type RedisOptions } from 'ioredis'
import { afterAll, describe, expect, it } from 'vitest'
import { redis } from '../../src/adapters/redis.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { freshPrefix, ioRedis } from '../servers/redis-clients.ts'
import { redisUrl } from '../servers/redis.ts'
import { listed, reading } from './redis-staging.ts'

const ends: (() => void)[] = []
afterAll(() => {
  for (const end of ends) end()
})

/** Breaks the client's connection at the first message with `text`, and carries that out when it is told to. */
async function lateProxy(text: string): Promise<{ readonly port: number; deliver(): Promise<void> }> {
  const { hostname, port: target } = new URL(redisUrl ?? '')
  const sockets: Socket[] = []
  let late: (() => Promise<void>) | undefined
  const server = createServer((client) => {
    const upstream = connect(Number(target || 6379), hostname)
    let isKept = false
    sockets.push(client, upstream)
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('data', (data) => {
      if (late || !data.toString().includes(text)) return upstream.write(data)
      isKept = true
      late = () =>
        new Promise((resolve) => {
          upstream.once('data', () => resolve())
          upstream.write(data)
        })
      return client.destroy()
    })
    upstream.on('data', (data) => client.write(data))
    client.on('close', () => isKept || upstream.destroy())
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as { readonly port: number }
  return { port, deliver: async () => late?.() }
}

describe.skipIf(redisUrl === undefined)('an entry that is committed after its connection broke', () => {
  const one = migration({ id: 'app:1', uses: { events: 'kv' }, up: ({ events }) => events.set('a', 1) })
  const cases: readonly (readonly [string, Pick<RedisOptions, 'autoResendUnfulfilledCommands' | 'commandTimeout'>])[] =
    [
      ['sends it again', {}],
      ['gives up after a while', { autoResendUnfulfilledCommands: false, commandTimeout: 500 }],
    ]
  it.each(cases)('finds its staged work, where the client %s', async (_, options) => {
    const prefix = freshPrefix()
    const { port, deliver } = await lateProxy(String.raw`\"kind\":\"up\"`)
    const client = new Redis(port, '127.0.0.1', options)
    client.on('error', () => {})
    ends.push(() => client.disconnect())
    const optionsFor = (adapter: ReturnType<typeof redis>) =>
      ({ adapters: { events: adapter }, state: 'events' }) as const
    const ended = await migrate(manifestOf([one]), optionsFor(redis(client, { prefix }))).catch(
      (error: unknown) => error,
    )
    await deliver()
    const direct = redis(ioRedis(), { prefix })
    const next = await migrate(manifestOf([one]), optionsFor(direct))
    expect(await reading(direct, (keys) => listed(keys))).toEqual(['a'])
    expect([ended, next]).toMatchObject([{ outcome: 'migrated' }, { outcome: 'current' }])
  })
})
