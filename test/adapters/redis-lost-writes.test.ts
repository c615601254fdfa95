import { afterEach, describe, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory.ts'
import { redis } from '../../src/adapters/redis.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Result } from '../../src/runtime/options.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { nodeRedis } from '../servers/redis-clients.ts'
import { type OwnRedis, hasRedisServer, startRedis } from '../servers/redis.ts'
import { entriesOf } from '../../src/testing/log-entries.ts'

const started: OwnRedis[] = []
afterEach(() => Promise.all(started.splice(0).map((server) => server.stop())))

async function start(...options: readonly string[]): Promise<OwnRedis> {
  const server = await startRedis(...options)
  started.push(server)
  return server
}

const counting = (number: number) =>
  migration({
    id: `app:${number}`,
    uses: { events: 'kv' },
    up: async ({ events }) => events.set('count', Number((await events.get('count')) ?? 0) + number),
  })
const first = manifestOf([counting(1)])
const all = manifestOf([counting(1), counting(10)])

/** @param state in the server itself, or elsewhere */
function run(url: string, manifest: typeof all, state?: ReturnType<typeof memory>): Promise<Result> {
  return migrate(manifest, { adapters: { events: redis(nodeRedis(url)) }, state: state ?? 'events', wait: 5000 })
}

interface Loss {
  readonly url: string
  /** What comes after this is lost. */
  keep(): Promise<unknown>
  /** @returns the URL that applications have from now on */
  lose(): Promise<string>
}

const LOSSES = {
  'is killed before it saves': async (): Promise<Loss> => {
    const { url, crash } = await start()
    return { url, keep: () => nodeRedis(url).sendCommand(['SAVE']), lose: () => crash().then(() => url) }
  },
  'fails, and its replica that lags takes its place': async (): Promise<Loss> => {
    const { url, port, crash } = await start('--repl-diskless-sync-delay', '0')
    const replica = await start('--replicaof', '127.0.0.1', `${port}`)
    const keep = async (): Promise<void> => {
      const [main, behind] = [nodeRedis(url), nodeRedis(replica.url)]
      while ((await behind.dbSize()) !== (await main.dbSize())) await main.wait(1, 100)
      await behind.sendCommand(['REPLICAOF', 'NO', 'ONE'])
    }
    return { url, keep, lose: () => crash().then(() => replica.url) }
  },
}

describe.skipIf(!hasRedisServer).each(Object.entries(LOSSES))('a server that %s', (_, prepare) => {
  it('P17 loses marker and effect together, and the next run makes both once', async () => {
    const { url, keep, lose } = await prepare()
    await run(url, first)
    await keep()
    expect((await run(url, all)).applied.map(({ id }) => id)).toEqual(['app:10'])
    expect(await nodeRedis(url).get('count')).toBe('11')
    const left = await lose()
    const log = (await entriesOf(redis(nodeRedis(left)))).map(({ kind, id }) => [kind, id])
    expect(log).not.toContainEqual(['up', 'app:10'])
    expect(await nodeRedis(left).get('count')).toBe('1')
    expect((await run(left, all)).applied.map(({ id }) => id)).toEqual(['app:10'])
    expect(await nodeRedis(left).get('count')).toBe('11')
    expect((await run(left, all)).outcome).toBe('current')
  })

  it('P17 is behind a record that is kept elsewhere, and nothing runs twice', async () => {
    const state = memory()
    const { url, keep, lose } = await prepare()
    await run(url, first, state)
    await keep()
    await run(url, all, state)
    const left = await lose()
    await expect(run(left, all, state)).rejects.toMatchObject({ code: 'MIG_R0106', target: 'events' })
    expect(await nodeRedis(left).get('count')).toBe('1')
  })
})

it.skipIf(!hasRedisServer)('that loses its log under a run, and gets as long a one from others, stops it', async () => {
  const { url } = await start()
  const set = (id: string, meanwhile = async (): Promise<unknown> => undefined) =>
    migration({
      id,
      uses: { events: 'kv' },
      async up({ events }) {
        await events.set(id, true)
        await meanwhile()
      },
    })
  const others = manifestOf([set('other:1'), set('other:2')])
  const losing = async (): Promise<void> => {
    await nodeRedis(url).sendCommand(['FLUSHALL'])
    await run(url, others)
  }
  const own = [set('app:1'), set('app:2')]
  await expect(run(url, manifestOf([...own, set('app:3', losing)]))).rejects.toMatchObject({ code: 'MIG_R0221' })
  const again = await run(url, manifestOf([...own, set('app:3')]))
  expect(again.applied.map(({ id }) => id)).toEqual(['app:1', 'app:2', 'app:3'])
})
