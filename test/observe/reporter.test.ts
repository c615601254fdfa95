import { createContext, runInContext } from 'node:vm'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { build } from 'esbuild'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { RUN } from '../../src/diagnostics/run.ts'
import { formatDuration } from '../../src/observe/console/line.ts'
import { consoleReporter } from '../../src/observe/console/reporter.ts'
import { MigrationError } from '../../src/runtime/errors.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { Recording, reported } from './recording.ts'

const users = migration({ id: 'app:0001_users', uses: { db: 'sql' }, sql: 'create table users (name text)' })
const files = migration({
  id: '@acme/images:0002_files',
  uses: { cache: 'kv' },
  dependsOn: ['app:0001_users'],
  up: async ({ cache, log }) => {
    log('every picture is a file now')
    await cache.set('done', true)
  },
})
const adapters = () => ({ db: betterSqlite3(new Database(':memory:')), cache: memory() })
const about = { id: 'app:0001_users', target: 'db', attempt: '01' }

describe('a run that is reported', () => {
  it('is one line for each migration, in columns, and one at its end', async () => {
    const sink = new Recording()
    const onEvent = consoleReporter({ sink })
    const options = { adapters: adapters(), state: 'db', onEvent } as const
    await migrate(manifestOf([users, files]), options)
    await migrate(manifestOf([users, files]), options)
    expect(sink.lines).toEqual([
      'applied    app:0001_users           db  7 ms',
      'log        @acme/images:0002_files  every picture is a file now',
      'applied    @acme/images:0002_files  cache  7 ms',
      'migrated   2 migrations  7 ms',
      'current    0 migrations',
    ])
  })

  it('tells what the history has to say, and what to do about it', async () => {
    const sink = new Recording()
    const options = { adapters: adapters(), state: 'db' as const }
    await migrate(manifestOf([users, files]), options)
    const changed = manifestOf([{ ...users, hash: 'h0:00' }, files])
    await migrate(changed, { ...options, changed: 'warn', onEvent: consoleReporter({ sink }) })
    const page = RUN.MIG_R0301
    expect(sink.lines[0]).toMatch(/^finding {4}app:0001_users {2}changed/)
    expect(sink.lines.slice(1)).toEqual([
      `           [MIG_R0301] ${page.title}. ${page.fix}`,
      'current    0 migrations  7 ms',
    ])
  })

  it('that stops says what failed, why, and what to do; once', async () => {
    const sink = new Recording()
    const options = { adapters: adapters(), state: 'db', onEvent: consoleReporter({ sink }) } as const
    const broken = migration({ id: 'app:0002_broken', uses: { db: 'sql' }, sql: 'create table users (name text)' })
    const later = migration({ id: 'app:0003_later', uses: { db: 'sql' }, sql: 'drop table users' })
    await expect(migrate(manifestOf([users, broken, later]), options)).rejects.toMatchObject({ code: 'MIG_R0201' })
    const page = RUN.MIG_R0201
    expect(sink.lines).toEqual([
      'applied    app:0001_users   db  7 ms',
      'failed     app:0002_broken  db  table users already exists',
      '           1 applied, 2 not applied',
      `           [MIG_R0201] ${page.title}. ${page.fix}`,
    ])
  })

  it('that stops says the causes that its message does not have', () => {
    const cause = new AggregateError([new Error('connection lost')], 'connection lost')
    expect(reported([{ type: 'failed', error: new TypeError('no config', { cause }) }])).toEqual([
      'failed     run  no config',
      '           cause: connection lost',
    ])
  })

  it('says once who waits for what and since when, and how long it took', () => {
    expect(
      reported([
        { type: 'waiting', target: 'db', reason: 'locked' },
        { type: 'waiting', target: 'db', reason: 'locked' },
        { type: 'started', kind: 'up', ...about },
        { type: 'overtaken', ...about },
      ]),
    ).toEqual([
      'waiting    db  locked, since 2030-01-01T00:00:00.000Z',
      'waited     db  7 ms',
      'overtaken  app:0001_users  db  another process was first',
    ])
  })

  it('tells of steps, of what is skipped, and of what is left to the next run', () => {
    expect(
      reported([
        { type: 'applied', kind: 'step', ...about, ms: 61 },
        { type: 'skipped', id: 'app:0002_later' },
        { type: 'untidied', target: 'db', error: new Error('EIO') },
      ]),
    ).toEqual([
      'stepped    app:0001_users  db  7 ms',
      'skipped    app:0002_later',
      'untidied   db  EIO; the next run tries again',
    ])
  })

  it('ignores events of a later version', () => {
    const later = { type: 'teleported', id: 'app:0001_users', target: 'db' } as unknown as MigrationEvent
    expect(reported([later, { type: 'applied', kind: 'up', ...about, ms: 1 }])).toHaveLength(1)
  })
})

describe('texts of others', () => {
  it('neither move the cursor nor forge a line', () => {
    const log = (message: string): MigrationEvent => ({ type: 'log', id: 'app:0001_users', message })
    expect(reported([log('\u001B[2J\rapplied    forged'), log('one\napplied    forged')])).toEqual([
      String.raw`log        app:0001_users  \u{1b}[2J\rapplied    forged`,
      'log        app:0001_users  one',
      '           applied    forged',
    ])
  })

  it('show no password, in whatever event they come', () => {
    const reason = 'cannot reach postgres://me:CaNaRy@db and CaNaRy-listed'
    const events: readonly MigrationEvent[] = [
      { type: 'waiting', target: 'db', reason },
      { type: 'log', id: 'app:0001_users', message: reason },
      { type: 'untidied', target: 'db', error: new Error(reason) },
      { type: 'finding', finding: { code: 'MIG_R0301', id: 'app:0001_users', text: reason } },
      { type: 'failed', error: new MigrationError('MIG_R0201', reason, { cause: new Error(`${reason}!`) }) },
      { type: 'failed', error: new Error(reason) },
    ]
    const shown = reported(events, { secrets: ['CaNaRy-listed'] })
    expect(shown.filter((line) => line.includes('postgres://***@db and ***'))).toHaveLength(7)
    expect(shown.join('\n')).not.toContain('CaNaRy')
  })
})

describe('a terminal', () => {
  beforeEach(() => {
    vi.stubEnv('NO_COLOR', '')
    vi.stubEnv('TERM', 'xterm')
    vi.useFakeTimers({ toFake: ['performance'] })
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    vi.useRealTimers()
  })

  it('sees one line that is rewritten, and coloured lines that stay', () => {
    const sink = new Recording('terminal')
    const report = consoleReporter({ sink })
    report({ type: 'started', kind: 'up', ...about })
    expect(sink.text).toBe('\r\u001B[2Krunning    app:0001_users  db')
    report({ type: 'progress', id: about.id, done: 1, total: 200 })
    vi.advanceTimersByTime(60)
    report({ type: 'progress', id: about.id, done: 90, total: 200 })
    report({ type: 'applied', kind: 'up', ...about, ms: 4 })
    expect(sink.text.split('\r\u001B[2K').slice(2)).toEqual([
      'running    app:0001_users  db  90 of 200',
      '\u001B[32mapplied  \u001B[0m  app:0001_users  db  4 ms\n',
    ])
  })

  it('never has a rewritten line wrap', () => {
    const sink = new Recording('terminal')
    consoleReporter({ sink })({ type: 'started', kind: 'up', ...about, id: `app:${'x'.repeat(200)}` })
    expect(sink.text.split('\r\u001B[2K').at(-1)).toHaveLength(sink.columns - 1)
  })

  it.each([
    ['NO_COLOR', '1'],
    ['TERM', 'dumb'],
  ])('without colours where %s is %s', (name, value) => {
    vi.stubEnv(name, value)
    const sink = new Recording('terminal')
    consoleReporter({ sink })({ type: 'applied', kind: 'up', ...about, ms: 4 })
    expect(sink.text).toBe('applied    app:0001_users  db  4 ms\n')
  })
})

it.each([
  [0.4, '0 ms'],
  [999, '999 ms'],
  [1300, '1.3 s'],
  [61_000, '1 min 1 s'],
])('%d ms read as %s', (ms, shown) => {
  expect(formatDuration(ms)).toBe(shown)
})

describe('a file', () => {
  it('has no escape sequence, and a line of progress now and then', () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const sink = new Recording()
    const report = consoleReporter({ sink })
    report({ type: 'started', kind: 'up', ...about })
    for (const done of [1, 2, 3]) {
      report({ type: 'progress', id: about.id, done, total: undefined })
      vi.advanceTimersByTime(6000)
    }
    vi.useRealTimers()
    expect(sink.text).toBe('running    app:0001_users  db  1\nrunning    app:0001_users  db  3\n')
  })
})

describe('a host without a process', () => {
  it('has its lines on the console', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(import.meta.dirname, '../../src/reporter.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'reporter',
      platform: 'browser',
    })
    const printed: string[] = []
    const console = { error: (text: string) => void printed.push(text) }
    const context = createContext({ console, performance, event: { type: 'applied', kind: 'up', ...about, ms: 4 } })
    runInContext(`${outputFiles[0]?.text ?? ''}; reporter.consoleReporter()(event)`, context)
    expect(printed).toEqual(['applied    app:0001_users  db  4 ms'])
  })
})
