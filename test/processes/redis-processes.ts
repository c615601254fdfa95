import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, expect } from 'vitest'
import type { Entry } from '../../src/runtime/entry.ts'
import { freshPrefix, nodeRedis } from '../servers/redis-clients.ts'
import { atEachCall } from '../kill/at-each-call.ts'
import { redisUrl } from '../servers/redis.ts'

const ONCE = join(import.meta.dirname, 'redis-once.mjs')
export const IDS = ['0001_effects', '0002_rows_and_files', '0003_files', '0004_events', '0005_all', '0006_rows'].map(
  (name) => `app:${name}`,
)
export const LIBRARIES = ['ioredis', 'node-redis'] as const

const root = mkdtempSync(join(tmpdir(), 'redis-processes-'))
const running = new Set<ChildProcess>()
afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(root, { recursive: true, force: true })
})

export interface Place {
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
export function freshPlace(state: Place['state']): Place {
  const folder = join(root, `${places++}`)
  mkdirSync(folder)
  return { folder, prefix: freshPrefix(), state }
}

export function run(place: Place, library: (typeof LIBRARIES)[number], number?: number, killAt?: number): Promise<End> {
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

export async function assertMigrated({ folder, prefix, state }: Place, when: string): Promise<void> {
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

/** Kills a process before its calls of Redis, each time another, and lets one follow that is not killed. */
export async function killEverywhere(
  state: Place['state'],
  library: (typeof LIBRARIES)[number],
  step: number,
): Promise<void> {
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
}
