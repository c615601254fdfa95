import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import type { Entry } from '../../src/runtime/entry.ts'
import type { Result } from '../../src/runtime/options.ts'
import { freshPrefix, nodeRedis } from '../servers/redis-clients.ts'
import { atEachCall } from '../kill/at-each-call.ts'
import { redisUrl } from '../servers/redis.ts'

const ONCE = join(import.meta.dirname, 'redis-once.mjs')
const CROWD = 20
const IDS = ['0001_effects', '0002_rows_and_files', '0003_files', '0004_events', '0005_all', '0006_rows'].map(
  (name) => `app:${name}`,
)
const LIBRARIES = ['ioredis', 'node-redis'] as const

const root = mkdtempSync(join(tmpdir(), 'redis-processes-'))
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

interface Place {
  readonly folder: string
  readonly prefix: string
  readonly state: 'db' | 'events' | 'own'
}

interface End {
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly errors: string
}

let places = 0
function freshPlace(state: Place['state']): Place {
  const folder = join(root, `${places++}`)
  mkdirSync(folder)
  return { folder, prefix: freshPrefix(), state }
}

function run(place: Place, library: (typeof LIBRARIES)[number], number?: number, killAt?: number): Promise<End> {
  const parameters = [place.folder, redisUrl ?? '', place.prefix, place.state, library]
  const child = spawn(process.execPath, [ONCE, ...parameters, ...(number === undefined ? [] : [`${number}`])], {
    env: { ...process.env, ...(killAt === undefined ? {} : { KILL_AT: `${killAt}` }) },
  })
  running.add(child)
  const out: string[] = []
  const errors: string[] = []
  child.stdout.on('data', (text) => out.push(String(text)))
  child.stderr.on('data', (text) => errors.push(String(text)))
  return new Promise((resolve) => {
    child.on('close', (_, signal) => {
      running.delete(child)
      resolve({ signal, out: out.join(''), errors: errors.join('') })
    })
  })
}

async function assertMigrated({ folder, prefix, state }: Place, when: string): Promise<void> {
  const database = new Database(join(folder, 'app.db'), { readonly: true })
  const rows = database.prepare('select id from effects').pluck().all()
  database.close()
  expect(rows, when).toEqual(['app:0002_rows_and_files', 'app:0005_all', 'app:0006_rows'])
  const pictures = readdirSync(join(folder, 'files'), { recursive: true, encoding: 'utf8' })
  expect(pictures.filter((path) => path.endsWith('.txt')).toSorted(), when).toEqual([
    'moved/1/picture.txt',
    'moved/2/picture.txt',
  ])
  expect(readFileSync(join(folder, 'files/moved/1/picture.txt'), 'utf8'), when).toBe('picture 1')
  const client = nodeRedis()
  expect(await client.get(`${prefix}visits`), when).toBe('11')
  expect(await client.exists([`${prefix}.migrations:staged`, `${prefix}.migrations:lock`]), when).toBe(0)
  for (const log of [`${prefix}.migrations:log`, ...(state === 'own' ? [`${prefix}state:.migrations:log`] : [])]) {
    const entries = (await client.lRange(log, 0, -1)).map((text) => JSON.parse(text) as Entry)
    expect(
      entries.map(({ serial }) => serial),
      when,
    ).toEqual(entries.map((_, index) => index))
    const ups = entries.filter(({ kind }) => kind === 'up').map(({ id }) => id)
    expect(ups.toSorted(), when).toEqual(log.includes('state:') || state === 'events' ? IDS : ['app:0004_events'])
  }
  client.destroy()
}

describe.skipIf(redisUrl === undefined)('processes on one Redis', () => {
  it.each(['db', 'events', 'own'] as const)(
    'N01 twenty at once, through both clients, state in %s: every migration takes effect once, and all end well (migrate-mongo looked, then inserted)',
    async (state) => {
      const place = freshPlace(state)
      const crowd = Array.from({ length: CROWD }, (_, number) => run(place, LIBRARIES[number % 2] ?? 'ioredis', number))
      while (readdirSync(place.folder).filter((name) => name.startsWith('ready-')).length < CROWD) await delay(20)
      writeFileSync(join(place.folder, 'go'), '')
      const ends = await Promise.all(crowd)
      expect(ends.flatMap(({ errors }) => (errors === '' ? [] : [errors]))).toEqual([])
      const results = ends.map(
        ({ out }) => JSON.parse(out) as Result & { readonly begun: number; readonly ended: number },
      )
      expect(results.flatMap(({ applied }) => applied.map(({ id }) => id)).toSorted()).toEqual(IDS)
      expect(results.flatMap(({ findings }) => findings)).toEqual([])
      const end = Math.max(...results.flatMap((result) => (result.applied.length > 0 ? [result.ended] : [])))
      const contenders = results.filter(({ begun }) => begun < end)
      expect(contenders.length, 'without contention this proves nothing').toBeGreaterThan(CROWD / 2)
      await assertMigrated(place, 'after the crowd')
      expect(JSON.parse((await run(place, 'ioredis')).out)).toMatchObject({ outcome: 'current', applied: [] })
    },
  )

  it.each([
    ['every third', 3, 'db', 'node-redis'],
    ['every', 1, 'events', 'ioredis'],
  ] as const)(
    'C05 killed before %s call (step %i), state in %s, through %s: whole after the next start',
    { timeout: 600_000 },
    async (_, step, state, library) => {
      const killed = await atEachCall(step, async (at) => {
        const place = freshPlace(state)
        const first = await run(place, library, undefined, at)
        if (first.signal !== 'SIGKILL') expect(first.errors).toBe('')
        // Waiting until the leases of the dead have run out is proved elsewhere.
        const client = nodeRedis()
        await client.del([`${place.prefix}.migrations:lock`, `${place.prefix}state:.migrations:lease`])
        client.destroy()
        const second = await run(place, library === 'ioredis' ? 'node-redis' : 'ioredis')
        expect(second.errors, `after call ${at}`).toBe('')
        await assertMigrated(place, `after call ${at}`)
        rmSync(place.folder, { recursive: true })
        return first.signal === 'SIGKILL'
      })
      expect(killed, 'kills that really happened').toBeGreaterThan(20 / step)
    },
  )
})
