import { inspect } from 'node:util'
import Database from 'better-sqlite3'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { createClient } from '@redis/client'
import { Redis } from 'ioredis'
import { Pool } from 'pg'
import { afterEach, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { pg } from '../../src/adapters/pg.ts'
import { redis } from '../../src/adapters/redis.ts'
import { consoleReporter } from '../../src/observe/console/reporter.ts'
import { openTelemetry } from '../../src/observe/opentelemetry/consumer.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { MigrationError } from '../../src/runtime/errors.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { redisUrl } from '../servers/redis.ts'
import { Recording } from './recording.ts'

const PASSWORD = 'CaNaRy@:/%#'
const CANARY = /CaNaRy/
const encoded = encodeURIComponent(PASSWORD)

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Told {
  readonly error: MigrationError
  /** What each place holds that people or machines read. */
  readonly places: Readonly<Record<string, string>>
}

/** Runs one migration on a storage, which fails, and collects all that is told about it. */
async function toldOf(adapter: Adapter, up: () => Promise<void> = async () => {}): Promise<Told> {
  const exporter = new InMemorySpanExporter()
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const sink = new Recording()
  const events: MigrationEvent[] = []
  const consumers = [
    consoleReporter({ sink }),
    openTelemetry({ tracer: tracers.getTracer('test') }),
    (event: MigrationEvent) => void events.push(event),
  ]
  const onEvent = (event: MigrationEvent): void => consumers.forEach((consume) => consume(event))
  const uses = { db: adapter.kinds[0] ?? 'kv' }
  const manifest = manifestOf([migration({ id: 'app:1', uses, up })])
  const error: unknown = await migrate(manifest, { adapters: { db: adapter }, state: 'db', wait: 0, onEvent }).catch(
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof MigrationError)) throw new Error('no MigrationError', { cause: error })
  // A run that cannot read its logs has no span: one that got further has.
  onEvent({ type: 'planned', pending: ['app:1'] })
  onEvent({ type: 'failed', error })
  onEvent({ type: 'failed', error: error.cause })
  const spans = exporter
    .getFinishedSpans()
    .map(({ attributes, events: told, status }) => ({ attributes, told, status }))
  const places = {
    'the message': error.message,
    'the stack': `${error.stack}`,
    'its JSON': JSON.stringify(error),
    'the output of a process that dies of it': inspect(error),
    'the events': JSON.stringify(events.map((event) => ({ ...event, error: undefined }))),
    'the reporter': sink.text,
    'the spans': JSON.stringify(spans),
  }
  expect(sink.text).toMatch(/^failed {5}(run|app:1)/m)
  expect(spans.length).toBeGreaterThan(0)
  return { error, places }
}

/** Names of the places that hold the password. */
function leaking({ places }: Told): readonly string[] {
  return Object.entries(places).flatMap(([place, text]) => (CANARY.test(text) ? [place] : []))
}

describe('P14, H17: the password of a connection that fails is told nowhere', () => {
  it('by pg, when nobody listens', async () => {
    const pool = new Pool({ connectionString: `postgres://me:${encoded}@127.0.0.1:1/shop` })
    closing.push(() => pool.end())
    const told = await toldOf(pg(pool))
    expect(told.error.message).toContain('ECONNREFUSED')
    expect(leaking(told)).toEqual([])
  })

  it('by pg, when the URL has a port that is none', async () => {
    const pool = new Pool({ connectionString: `postgres://me:${encoded}@127.0.0.1:99999/shop` })
    closing.push(() => pool.end())
    const told = await toldOf(pg(pool))
    expect(told.error.message).toContain('Invalid URL')
    expect(leaking(told)).toEqual([])
  })

  it('by ioredis, when nobody listens', async () => {
    const client = new Redis(`redis://me:${encoded}@127.0.0.1:1`, { maxRetriesPerRequest: 0 })
    client.on('error', () => {})
    closing.push(() => client.disconnect())
    expect(leaking(await toldOf(redis(client)))).toEqual([])
  })

  it('by node-redis, when nobody listens', async () => {
    const url = `redis://me:${encoded}@127.0.0.1:1`
    const client = createClient({ url, socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await client.connect().catch(() => {})
    expect(leaking(await toldOf(redis(client)))).toEqual([])
  })

  it.skipIf(!redisUrl)('by ioredis, when the password is wrong', async () => {
    const url = `${redisUrl}`.replace('://', `://me:${encoded}@`)
    const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null })
    const heard: Error[] = []
    client.on('error', (error: Error) => heard.push(error))
    closing.push(() => client.disconnect())
    expect(leaking(await toldOf(redis(client)))).toEqual([])
    // What the driver tells its own listeners has it.
    expect(inspect(heard, { depth: 9 })).toMatch(CANARY)
  })

  it.skipIf(!redisUrl)('by node-redis, when the password is wrong', async () => {
    const url = `${redisUrl}`.replace('://', `://me:${encoded}@`)
    const client = createClient({ url, socket: { reconnectStrategy: false } })
    client.on('error', () => {})
    await client.connect().catch(() => {})
    expect(leaking(await toldOf(redis(client)))).toEqual([])
  })

  it('by better-sqlite3, when the file has gone', async () => {
    const database = new Database(':memory:')
    database.close()
    expect(leaking(await toldOf(betterSqlite3(database)))).toEqual([])
  })
})

/** What the worst of drivers would throw: the password in the message, the fields, the cause and the parts. */
function worst(): Error {
  const url = `postgres://me:${PASSWORD}@db/shop`
  const reply = Object.assign(new Error(`AUTH failed for ${url}`), { command: { name: 'AUTH', args: [PASSWORD] } })
  return Object.assign(new AggregateError([reply], `cannot reach ${url}`, { cause: reply }), {
    url,
    password: PASSWORD,
  })
}

describe('H17: of a driver that tells its password everywhere', () => {
  const failing = async (): Promise<never> => {
    throw worst()
  }

  it.each([
    ['when a migration runs', () => toldOf(memory(), failing)],
    ['when the log is read', () => toldOf({ ...memory(), log: { ...memory().log, head: failing } })],
  ])('neither sink shows it: %s', async (_, run) => {
    const told = await run()
    expect(told.places['the reporter']).toContain('cannot reach postgres://***@db/shop')
    expect(told.places['the spans']).toContain('cannot reach postgres://***@db/shop')
    const sinks = ['the reporter', 'the spans', 'the events']
    expect(leaking(told).filter((place) => sinks.includes(place))).toEqual([])
    // The cause is the driver's error as it is, for those who catch it: `inspect` shows it, and the search here finds it.
    expect(leaking(told)).toContain('the output of a process that dies of it')
  })
})
