import { gzipSync } from 'node:zlib'
import { join } from 'node:path'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { redis } from '../../src/adapters/redis.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { CLIENTS, freshPrefix, ioRedis, keysBehind, nodeRedis } from '../servers/redis-clients.ts'
import { redisUrl } from '../servers/redis.ts'
import { apply, listed, prepared, reading } from './redis-staging.ts'

describe.skipIf(redisUrl === undefined).each(CLIENTS)('values through %s', (_, connect) => {
  it('are the text of JSON, at the key behind the prefix', async () => {
    const prefix = freshPrefix()
    const client = nodeRedis()
    await client.set(`${prefix}gone`, '1')
    await apply(redis(connect(), { prefix }), async (keys) => {
      await keys.set('list', { c: [null, 1.5, 'ß'] })
      await keys.set('text', 'text')
      await keys.delete('gone')
      await keys.delete('never there')
    })
    const own = await keysBehind(`${prefix}.migrations:`)
    expect(own).toEqual([`${prefix}.migrations:settled`])
    expect(await keysBehind(prefix)).toEqual([...own, `${prefix}list`, `${prefix}text`].toSorted())
    expect(await client.mGet([`${prefix}list`, `${prefix}text`])).toEqual(['{"c":[null,1.5,"ß"]}', '"text"'])
  })

  it('are those of any key', async () => {
    const adapter = redis(connect(), { prefix: freshPrefix() })
    const names = ['', '__proto__', 'a b', 'a\nb', 'b*?[x]\\', 'constructor', 'ß/日本', '😀', '{tag}', '\0', '1']
    await apply(adapter, async (keys) => {
      for (const name of names) await keys.set(name, { [name]: name })
    })
    await reading(adapter, async (keys) => {
      expect(await listed(keys)).toEqual(names.toSorted())
      for (const name of names) expect(await keys.get(name)).toEqual(Object.fromEntries([[name, name]]))
      expect(await keys.get('valueOf')).toBeUndefined()
      expect(await listed(keys, 'b*')).toEqual(['b*?[x]\\'])
      expect(await listed(keys, 'b?')).toEqual([])
    })
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it('are any JSON, and whole however large', async () => {
    const adapter = redis(connect(), { prefix: freshPrefix() })
    const values: Readonly<Record<string, Json>> = {
      empty: '',
      half: '\ud800 \0 \u2028',
      large: 'ß'.repeat(500_000),
      nothing: null,
      number: 1e21,
    }
    await apply(adapter, async (keys) => {
      for (const [key, value] of Object.entries(values)) await keys.set(key, value)
    })
    await reading(adapter, async (keys) => {
      for (const [key, value] of Object.entries(values)) expect(await keys.get(key)).toEqual(value)
    })
  })

  it('are listed by prefix, each once, beside the keys of others', async () => {
    const prefix = freshPrefix()
    const adapter = redis(connect(), { prefix })
    // What the prefix would match if it were a pattern.
    await nodeRedis().set(`${prefix.replace('*', 'anything')}x`, '1', { expiration: { type: 'PX', value: 60_000 } })
    const names = Array.from({ length: 10_000 }, (_value, index) => `page/${index}`).toSorted()
    await apply(adapter, async (keys) => {
      for (const name of names) await keys.set(name, name)
      await keys.set('other', 1)
    })
    await reading(adapter, async (keys) => {
      expect(await listed(keys, 'page/')).toEqual(names)
      expect(await listed(keys)).toEqual(['other', ...names])
      expect(await keys.get('page/9999')).toBe('page/9999')
    })
  })

  it('keep their time to live', async () => {
    const prefix = freshPrefix()
    const client = nodeRedis()
    await client.set(`${prefix}session`, '{"v":1}', { expiration: { type: 'EX', value: 1000 } })
    await apply(redis(connect(), { prefix }), (keys) => keys.set('session', { v: 2 }))
    expect(await client.get(`${prefix}session`)).toBe('{"v":2}')
    expect(await client.ttl(`${prefix}session`)).toBeGreaterThan(0)
  })

  it('are refused at keys of the adapter, and at those that Redis would mix up', async () => {
    const prefix = freshPrefix()
    const adapter = redis(connect(), { prefix })
    await adapter.log.append([])
    for (const key of ['.migrations:log', '.migrations:', '\ud800']) {
      await reading(adapter, async (keys) => {
        await expect(keys.get(key)).rejects.toMatchObject({ code: 'MIG_R0232' })
        await expect(keys.set(key, 1)).rejects.toMatchObject({ code: 'MIG_R0232' })
        await expect(keys.delete(key)).rejects.toMatchObject({ code: 'MIG_R0232' })
      })
    }
    expect(await reading(adapter, (keys) => keys.get('.migrations'))).toBeUndefined()
    await prepared(adapter, (keys) => keys.set('a', 1))
    expect(await reading(adapter, (keys) => listed(keys, '.migr'))).toEqual([])
  })

  it.each(['', 'text', '{"a":', '1 2'])('that are no JSON are left as they are: %j', async (text) => {
    const prefix = freshPrefix()
    const client = nodeRedis()
    await client.set(`${prefix}a`, text)
    const adapter = redis(connect(), { prefix })
    const expected = { code: 'MIG_R0234', message: expect.stringContaining(JSON.stringify(`${prefix}a`)) }
    await expect(reading(adapter, (keys) => keys.get('a'))).rejects.toMatchObject(expected)
    await expect(prepared(adapter, (keys) => keys.set('a', 1))).rejects.toMatchObject(expected)
    expect(await client.get(`${prefix}a`)).toBe(text)
  })

  it('of another type are left as they are', async () => {
    const prefix = freshPrefix()
    const client = nodeRedis()
    await client.hSet(`${prefix}a`, { b: 'c' })
    const adapter = redis(connect(), { prefix })
    await expect(reading(adapter, (keys) => keys.get('a'))).rejects.toMatchObject({ code: 'MIG_R0234' })
    await expect(apply(adapter, (keys) => keys.delete('a'))).rejects.toMatchObject({ code: 'MIG_R0234' })
    expect(await client.hGetAll(`${prefix}a`)).toEqual({ b: 'c' })
  })
})

describe.skipIf(redisUrl === undefined)('a client that is set up in another way', () => {
  it.each([
    ['ioredis', (keyPrefix: string) => ioRedis(undefined, { keyPrefix })],
    ['node-redis', (keyPrefix: string) => nodeRedis(undefined, { keyPrefix })],
  ] as const)('may have a prefix of its own: %s', async (_, connect) => {
    const keyPrefix = freshPrefix()
    const adapter = redis(connect(keyPrefix), { prefix: 'own:' })
    await apply(adapter, async (keys) => {
      await keys.set('a', 1)
      await keys.set('b', 2)
    })
    expect(await reading(adapter, (keys) => listed(keys))).toEqual(['a', 'b'])
    expect(await nodeRedis().get(`${keyPrefix}own:a`)).toBe('1')
  })

  it('may answer with bytes', async () => {
    const bytes = nodeRedis().withTypeMapping({ [36]: Buffer })
    const adapter = redis(bytes, { prefix: freshPrefix() })
    await apply(adapter, (keys) => keys.set('a', 'ß'))
    expect(await reading(adapter, (keys) => keys.get('a'))).toBe('ß')
  })
})

it('runs where there is nothing of Node, and is small', async () => {
  const sizeWith = async (...adapters: readonly string[]): Promise<number> => {
    const { outputFiles } = await build({
      stdin: {
        contents: ['runtime', ...adapters].map((entry) => `export * from './${entry}.ts'`).join('\n'),
        resolveDir: join(import.meta.dirname, '../../src'),
      },
      bundle: true,
      minify: true,
      write: false,
      platform: 'browser',
      format: 'esm',
    })
    return gzipSync(outputFiles[0]?.contents ?? '').length
  }
  const others = ['adapters/memory', 'adapters/better-sqlite3']
  expect((await sizeWith(...others, 'adapters/redis')) - (await sizeWith(...others))).toBeLessThanOrEqual(2.5 * 1024)
})
