import { createClient } from '@redis/client'
import { createPool } from 'mysql2/promise'
import { Pool, type PoolConfig } from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory.ts'
import { mysql2 } from '../../src/adapters/mysql2.ts'
import { pg } from '../../src/adapters/pg.ts'
import statements from '../../src/adapters/postgres/direct/strategy.ts'
import scripts from '../../src/adapters/postgres/scripts.ts'
import { redis } from '../../src/adapters/redis.ts'
import type { Manifest, Traits } from '../../src/graph/manifest.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { withDeadline } from '../../src/runtime/deadline.ts'
import type { KeyValue, Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { mariadbUrl, useDatabases } from '../servers/mariadb.ts'
import { usePostgres } from '../servers/postgres.ts'
import { redisUrl } from '../servers/redis.ts'
import { type RoughWire, roughWire } from '../servers/rough-wire.ts'

const postgres = usePostgres()
const databases = useDatabases()
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

interface Server {
  /** On a network that may fall silent, and directly. */
  readonly far: Adapter
  readonly near: Adapter
  readonly wire: RoughWire
}

async function wireTo(url: string): Promise<RoughWire> {
  const wire = await roughWire(url)
  ends.push(() => wire.stop())
  return wire
}

async function onPostgres(limits: PoolConfig = {}): Promise<Server> {
  const url = await postgres.createDatabase()
  const wire = await wireTo(url)
  const pool = (connectionString: string, more: PoolConfig = {}): Pool => {
    const opened = new Pool({ connectionString, ...more })
    opened.on('error', () => {})
    ends.push(() => void opened.end())
    return opened
  }
  return { far: pg(pool(wire.url, limits)), near: pg(pool(url)), wire }
}

const SERVERS: Readonly<Record<string, (() => Promise<Server>) | undefined>> = {
  pg: () => onPostgres(),
  mysql2:
    mariadbUrl === undefined
      ? undefined
      : async () => {
          const url = await databases.create()
          const wire = await wireTo(url)
          const far = createPool(wire.url)
          ends.push(() => void far.end().catch(() => {}))
          return { far: mysql2(far), near: mysql2(databases.pool(url)), wire }
        },
  redis:
    redisUrl === undefined
      ? undefined
      : async () => {
          const wire = await wireTo(redisUrl ?? '')
          const prefix = `deadline:${crypto.randomUUID()}`
          const client = async (url: string): Promise<Adapter> => {
            const one = createClient({ url, socket: { reconnectStrategy: false } })
            one.on('error', () => {})
            await one.connect()
            ends.push(() => one.destroy())
            return redis(one, { prefix })
          }
          return { far: await client(wire.url), near: await client(redisUrl ?? ''), wire }
        },
}

const SQL: Manifest = manifestOf([
  migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table effects (n integer primary key)' }),
  migration({
    id: 'app:2',
    uses: { db: 'sql' },
    up: ({ db }: { readonly db: Sql }) => db.run`insert into effects values (1)`,
  }),
  migration({
    id: 'app:3',
    uses: { db: 'sql' },
    up: ({ db }: { readonly db: Sql }) => db.run`insert into effects values (2)`,
  }),
])
const VALUES: Manifest = manifestOf(
  ['1', '2', '3'].map((name) =>
    migration({ id: `app:${name}`, uses: { db: 'kv' }, up: ({ db }: { readonly db: KeyValue }) => db.set(name, true) }),
  ),
)

describe.each(Object.entries(SERVERS))('P06 %s, when the server accepts and never answers', (_, make) => {
  it.skipIf(!make)('ends at the deadline, and the next run does the work', { timeout: 60_000 }, async () => {
    const { far, near, wire } = (await make?.()) ?? expect.unreachable()
    const manifest = near.kinds.includes('kv') ? VALUES : SQL
    const options = { adapters: { db: withDeadline(far, 300) }, state: 'db', wait: 2000 } as const
    wire.roughness = { kind: 'silent', after: 0 }
    const start = performance.now()
    await expect(migrate(manifest, options)).rejects.toMatchObject({ code: 'MIG_R0205' })
    expect(performance.now() - start).toBeLessThan(2500)
    await expect(migrate(manifest, { ...options, signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
      code: expect.stringMatching(/^MIG_R020[56]$/),
    })
    const { applied } = await migrate(manifest, { adapters: { db: near }, state: 'db' })
    expect(applied).toHaveLength(3)
    expect(await migrate(manifest, { adapters: { db: near }, state: 'db' })).toMatchObject({ outcome: 'current' })
  })

  it.skipIf(!make)('is known by its twin: without a deadline it waits', async () => {
    const { far, near, wire } = (await make?.()) ?? expect.unreachable()
    const manifest = near.kinds.includes('kv') ? VALUES : SQL
    wire.roughness = { kind: 'silent', after: 0 }
    const run = migrate(manifest, { adapters: { db: far }, state: 'db', wait: 100, signal: AbortSignal.timeout(100) })
    const late = new Promise((resolve) => setTimeout(resolve, 1500, 'waits'))
    const end = run.catch(() => 'ended')
    expect(await Promise.race([end, late])).toBe('waits')
    // Its connections are gone then.
    wire.stop()
    await end
  })
})

it('P06 pg leaves every effect once, wherever in the run the server fell silent', { timeout: 60_000 }, async () => {
  const whole = await onPostgres()
  await migrate(SQL, { adapters: { db: whole.far }, state: 'db' })
  const taken = whole.wire.taken()
  for (const share of [0.3, 0.5, 0.7, 0.9]) {
    // Statements of migrations are limited by the driver.
    const { far, near, wire } = await onPostgres({ query_timeout: 600 })
    wire.roughness = { kind: 'silent', after: Math.round((taken.server + taken.client) * share) }
    const run = migrate(SQL, { adapters: { db: withDeadline(far, 300) }, state: 'db' })
    await expect(run).rejects.toMatchObject({ code: expect.stringMatching(/^MIG_R02(01|02|05)$/) as string })
    // What it holds goes with its connections.
    wire.stop()
    await migrate(SQL, { adapters: { db: near }, state: 'db', wait: 20_000 })
    expect(await migrate(SQL, { adapters: { db: near }, state: 'db' })).toMatchObject({ outcome: 'current' })
  }
})

describe('P06 what is not the log: it ends at the deadline too', () => {
  const never = (): Promise<never> => new Promise(() => {})
  /** On a server that falls silent at one of its messages. */
  async function silentAt(pattern: RegExp): Promise<Adapter> {
    const pool = new Pool({ connectionString: await postgres.createDatabase() })
    ends.push(() => pool.end())
    return pg({
      async connect() {
        const client = await pool.connect()
        return {
          query: (text, values) => (pattern.test(text) ? never() : client.query(text, values && [...values])),
          release: (destroy) => client.release(destroy),
          on: (event, listener) => client.on(event, listener),
          off: (event, listener) => client.off(event, listener),
        }
      },
    })
  }
  const script = (number: number, traits: Traits = {}) =>
    migration({ id: `app:${number}`, uses: { db: 'sql' }, sql: `create table t${number} (n integer)`, traits })

  it('the lease', async () => {
    const state = memory()
    const silent = { ...state, lease: { get: never, swap: never } }
    const db = await silentAt(/^$/)
    await expect(
      migrate(manifestOf([script(1)]), { adapters: { db }, state: withDeadline(silent, 300) }),
    ).rejects.toMatchObject({ code: 'MIG_R0205', message: expect.stringContaining('lease') as string })
  })

  it.each([
    ['the first message of scripts', /json_object_agg/, { ...manifestOf([script(1), script(2)]), scripts }],
    [
      'the lock of a migration outside of a transaction',
      /pg_try_advisory_lock\(/,
      { ...manifestOf([script(1, { transaction: false })]), statements },
    ],
    [
      'the connection of a migration outside of a transaction',
      /SELECT pg_backend_pid/,
      { ...manifestOf([script(1, { transaction: false })]), statements },
    ],
  ])('%s', async (_, pattern, manifest) => {
    const db = withDeadline(await silentAt(pattern), 300)
    await expect(migrate(manifest, { adapters: { db }, state: 'db', wait: 500 })).rejects.toMatchObject({
      code: 'MIG_R0205',
    })
  })
})
