import { type Span, SpanStatusCode, context, trace } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { openTelemetry } from '../../src/observe/opentelemetry/consumer.ts'
import { MigrationError } from '../../src/runtime/errors.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'

const spanExporter = new InMemorySpanExporter()
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] })
const tracer = tracers.getTracer('test')
const contextOf = (span: Span) => trace.setSpan(context.active(), span)
afterEach(() => spanExporter.reset())

const about = { id: '@acme/images:0001_users', target: 'db', attempt: '01' }
const other = { id: 'app:0002_files', target: 'files', attempt: '02' }

/** The spans that a consumer made of these events, in the order in which they ended. */
function spansOf(events: readonly MigrationEvent[]): readonly ReadableSpan[] {
  const consume = openTelemetry({ tracer, contextOf, secrets: ['CaNaRy-listed'] })
  for (const event of events) consume(event)
  return spanExporter.getFinishedSpans()
}

const eventsOf = ({ events }: ReadableSpan) => events.map(({ name, attributes }) => ({ name, ...attributes }))

describe('spans', () => {
  it('of a real run: one for each migration, with its storage', async () => {
    const adapters = { db: betterSqlite3(new Database(':memory:')), cache: memory() }
    const users = migration({ id: 'app:0001_users', uses: { db: 'sql' }, sql: 'create table users (name text)' })
    const seen = migration({
      id: '@acme/images:0002_seen',
      dependsOn: ['app:0001_users'],
      uses: { cache: 'kv' },
      up: async ({ cache, log }) => {
        log('all seen')
        await cache.set('seen', 1)
      },
    })
    const onEvent = openTelemetry({ tracer, contextOf, adapters })
    const { applied } = await migrate(manifestOf([users, seen]), { adapters, state: 'db', onEvent })
    const [first, second, run, ...more] = spanExporter.getFinishedSpans()
    expect(more).toEqual([])
    expect(run?.name).toBe('migrate')
    expect(run?.attributes).toEqual({ 'migration.outcome': 'migrated', 'migration.applied': 2 })
    expect(first?.name).toBe('migration app:0001_users')
    expect(first?.attributes).toEqual({
      'migration.id': 'app:0001_users',
      'migration.package': 'app',
      'migration.target': 'db',
      'db.system.name': 'sqlite',
      'migration.attempt': applied[0]?.attempt,
      'migration.outcome': 'applied',
    })
    expect(first?.status.code).toBe(SpanStatusCode.UNSET)
    expect(second?.attributes).toMatchObject({ 'migration.package': '@acme/images', 'migration.target': 'cache' })
    expect(second?.attributes).not.toHaveProperty('db.system.name')
    expect(second?.events.map(({ name }) => name)).toEqual(['log', 'committed', 'settled'])
  })

  it('of a real run that fails: on the migration and on the run', async () => {
    const adapters = { db: betterSqlite3(new Database(':memory:')) }
    const broken = migration({ id: 'app:0001_broken', uses: { db: 'sql' }, sql: 'create nothing' })
    const onEvent = openTelemetry({ tracer, contextOf, adapters })
    await expect(migrate(manifestOf([broken]), { adapters, state: 'db', onEvent })).rejects.toThrow('MIG_R0201')
    const spans = spanExporter.getFinishedSpans()
    expect(spans.map(({ name, status }) => `${name} ${status.code}`)).toEqual([
      `migration app:0001_broken ${SpanStatusCode.ERROR}`,
      `migrate ${SpanStatusCode.ERROR}`,
    ])
  })

  it('of a real run: one that is skipped ends there, not with the run', async () => {
    const adapters = { db: betterSqlite3(new Database(':memory:')) }
    const up = async (): Promise<void> => {}
    const manifest = manifestOf([
      migration({ id: 'app:0001_maybe', uses: { db: 'sql' }, when: async () => false, up }),
      migration({ id: 'app:0002_after', uses: { db: 'sql' }, up }),
    ])
    await migrate(manifest, { adapters, state: 'db', onEvent: openTelemetry({ tracer, contextOf, adapters }) })
    const spans = spanExporter.getFinishedSpans()
    expect(spans.map(({ name, attributes }) => `${name}: ${String(attributes['migration.outcome'])}`)).toEqual([
      'migration app:0001_maybe: skipped',
      'migration app:0002_after: applied',
      'migrate: migrated',
    ])
  })

  it('are not made where there is nothing to do', async () => {
    const adapters = { db: betterSqlite3(new Database(':memory:')) }
    const users = migration({ id: 'app:0001_users', uses: { db: 'sql' }, sql: 'create table users (name text)' })
    await migrate(manifestOf([users]), { adapters, state: 'db' })
    const onEvent = openTelemetry({ tracer, contextOf, adapters })
    await migrate(manifestOf([users]), { adapters, state: 'db', onEvent })
    expect(spanExporter.getFinishedSpans()).toEqual([])
  })

  it('of migrations are children of the span of the run', () => {
    const [migrated, run] = spansOf([
      { type: 'planned', pending: [about.id] },
      { type: 'started', kind: 'up', ...about },
      { type: 'applied', kind: 'up', ...about, ms: 3 },
      { type: 'ended', outcome: 'migrated' },
    ])
    expect(run?.name).toBe('migrate')
    expect(run?.attributes).toEqual({ 'migration.outcome': 'migrated', 'migration.applied': 1 })
    expect(migrated?.parentSpanContext?.spanId).toBe(run?.spanContext().spanId)
    expect(migrated?.spanContext().traceId).toBe(run?.spanContext().traceId)
  })

  it('side by side tell of their own log and of their own target', () => {
    const [first, second] = spansOf([
      { type: 'started', kind: 'up', ...about },
      { type: 'started', kind: 'up', ...other },
      { type: 'log', id: other.id, message: 'moved' },
      { type: 'waiting', target: 'db', reason: 'locked' },
      { type: 'committed', ...other },
      { type: 'settled', ...other },
      { type: 'applied', kind: 'up', ...other, ms: 1 },
      { type: 'overtaken', ...about },
    ]).toReversed()
    expect(first && eventsOf(first)).toEqual([{ name: 'waiting', 'migration.target': 'db', reason: 'locked' }])
    expect(first?.attributes['migration.outcome']).toBe('overtaken')
    expect(second?.events.map(({ name }) => name)).toEqual(['log', 'committed', 'settled'])
  })

  it('of a failure carry the error, and its causes, without secrets', () => {
    const cause = Object.assign(new Error('cannot reach postgres://me:CaNaRy@db with CaNaRy-listed'), {
      command: { args: ['CaNaRy'] },
    })
    const error = new MigrationError('MIG_R0201', cause.message, { ...about, cause })
    const [failed, run] = spansOf([
      { type: 'planned', pending: [about.id] },
      { type: 'started', kind: 'up', ...about },
      { type: 'failed', error },
    ])
    for (const span of [failed, run]) {
      expect(span?.status.code).toBe(SpanStatusCode.ERROR)
      expect(span?.status.message).toContain('cannot reach postgres://***@db with ***')
      expect(span?.attributes).toMatchObject({ 'error.type': 'MIG_R0201', 'migration.outcome': 'failed' })
      const exception = span?.events.find(({ name }) => name === 'exception')
      expect(exception?.attributes).toMatchObject({ 'exception.type': 'MIG_R0201' })
      expect(exception?.attributes?.['exception.stacktrace']).toMatch(/opentelemetry\.test\.ts.*Caused by: Error: /s)
      expect(JSON.stringify([span?.status, span?.attributes, span && eventsOf(span)])).not.toContain('CaNaRy')
    }
  })

  it('end, whatever happens: a second try, the end of the run', () => {
    const outcomes = spansOf([
      { type: 'started', kind: 'up', ...about },
      { type: 'started', kind: 'up', ...about, attempt: '03' },
      { type: 'applied', kind: 'step', ...about, ms: 1 },
      { type: 'started', kind: 'up', ...other },
      { type: 'failed', error: new Error('gone') },
    ]).map(({ attributes }) => attributes['migration.outcome'])
    expect(outcomes).toEqual(['superseded', 'stepped', 'unknown'])
  })

  it('hold few events of much progress, and the first of it', () => {
    const progress = Array.from({ length: 1000 }, (_, index): readonly MigrationEvent[] => [
      { type: 'progress', id: about.id, done: index + 1, total: 1000 },
      { type: 'progress', id: other.id, done: index + 1, total: undefined },
    ]).flat()
    const spans = spansOf([
      { type: 'started', kind: 'up', ...about },
      { type: 'started', kind: 'up', ...other },
      ...progress,
      { type: 'applied', kind: 'up', ...about, ms: 1 },
      { type: 'applied', kind: 'up', ...other, ms: 1 },
    ])
    const told = spans.map(({ events }) => events.map(({ attributes }) => attributes?.['done']))
    expect(told).toEqual([
      [1, 101, 201, 301, 401, 501, 601, 701, 801, 901],
      [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
    ])
  })

  it('ignore events of a later version, and of migrations that were never started', () => {
    const later = { type: 'teleported', id: about.id } as unknown as MigrationEvent
    expect(
      spansOf([later, { type: 'applied', kind: 'up', ...about, ms: 1 }, { type: 'log', id: about.id, message: 'x' }]),
    ).toEqual([])
  })
})

describe('metrics', () => {
  it('count durations, waits and findings, by target and outcome, never by id', async () => {
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
    const meters = new MeterProvider({ readers: [reader] })
    const adapters = { db: { name: 'pg', dialect: 'postgres' as const } }
    const consume = openTelemetry({ meter: meters.getMeter('test'), adapters })
    const events: readonly MigrationEvent[] = [
      { type: 'planned', pending: [about.id, other.id] },
      { type: 'waiting', target: 'db', reason: 'locked' },
      { type: 'finding', finding: { code: 'MIG_R0303', id: about.id, text: 'late' } },
      { type: 'started', kind: 'up', ...about },
      { type: 'applied', kind: 'up', ...about, ms: 3 },
      { type: 'started', kind: 'up', ...other },
      { type: 'failed', error: new MigrationError('MIG_R0201', 'gone', other) },
      { type: 'ended', outcome: 'current' },
    ]
    for (const event of events) consume(event)
    await meters.forceFlush()
    const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    const points = metrics.flatMap(({ descriptor, dataPoints }) =>
      dataPoints.map(({ attributes, value }) => {
        const amount = typeof value === 'number' ? value : value.count
        return `${descriptor.name} ${descriptor.unit} ${amount} ${JSON.stringify(attributes)}`
      }),
    )
    await meters.shutdown()
    expect(points.toSorted()).toEqual([
      'migration.duration s 1 {"migration.target":"db","db.system.name":"postgresql","migration.outcome":"applied"}',
      'migration.duration s 1 {"migration.target":"files","migration.outcome":"failed"}',
      'migration.findings {finding} 1 {"migration.finding":"MIG_R0303"}',
      'migration.run.duration s 1 {"migration.outcome":"failed"}',
      'migration.runs {run} 1 {"migration.outcome":"current"}',
      'migration.runs {run} 1 {"migration.outcome":"failed"}',
      'migration.waits {wait} 1 {"migration.target":"db","db.system.name":"postgresql"}',
    ])
  })
})
