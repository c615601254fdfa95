import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodePng } from '../../playground/play/png.mjs'
import type { Result } from '../../src/runtime/options.ts'
import { buildImageApp } from './build-image-app.ts'

const IDS = ['0001_init', '0002_caption', '0003_content_addressed'].map((name) => `@acme/images:${name}`)
const MIGRATION = '@acme/images:0003_content_addressed'
const PICTURES = [
  { name: 'red.png', width: 3, height: 2, colour: 0xee },
  { name: 'blue.png', width: 4, height: 5, colour: 0x11 },
  { name: 'red-again.png', width: 3, height: 2, colour: 0xee },
].map((picture) => {
  const pixels = new Uint8Array(picture.width * picture.height * 3).fill(picture.colour)
  const bytes = encodePng(picture.width, picture.height, pixels)
  const hash = createHash('sha256').update(bytes).digest('hex')
  return { ...picture, bytes, hash, path: `pictures/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}.png` }
})

const folder = mkdtempSync(join(tmpdir(), 'kill-'))
let app = ''

beforeAll(async () => {
  const home = join(folder, 'app')
  mkdirSync(home)
  app = await buildImageApp(home)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

type State = 'db' | 'files' | 'own'

/** What an older release and its users left. */
async function olderData(state: State): Promise<string> {
  const older = join(folder, `older-${state}`)
  mkdirSync(older)
  expect(await run(older, state, 2)).toMatchObject({ code: 0 })
  const database = new Database(join(older, 'app.db'))
  for (const { name, bytes } of PICTURES) {
    writeFileSync(join(older, 'files/pictures', name), bytes)
    database
      .prepare('insert into images (title, path, uploaded, caption) values (?, ?, ?, ?)')
      .run(name, `pictures/${name}`, '2024-01-01', '')
  }
  database.close()
  return older
}

interface End {
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

function run(data: string, state: State, count: number, killAt?: number): Promise<End> {
  const killer = ['--require', join(import.meta.dirname, 'kill-at.cjs')]
  const require = createRequire(import.meta.url)
  const env = { ...process.env, KILL_AT: String(killAt), BETTER_SQLITE3: require.resolve('better-sqlite3') }
  const child = spawn(process.execPath, [...(killAt === undefined ? [] : killer), app, data, String(count), state], {
    env,
  })
  const out: string[] = []
  const errors: string[] = []
  child.stdout.on('data', (text) => out.push(String(text)))
  child.stderr.on('data', (text) => errors.push(String(text)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, out: out.join(''), errors: errors.join('') }))
  })
}

/** Kills a run on a copy of the older data before its call `at`, lets a clean run follow, and checks what is there. */
async function killAndRecover(older: string, state: State, at: number): Promise<'killed' | 'completed'> {
  const data = join(folder, `killed-${state}-${at}`)
  cpSync(older, data, { recursive: true })
  const first = await run(data, state, 3, at)
  if (first.signal === null) expect(first, `call ${at}`).toMatchObject({ code: 0 })
  expect(await run(data, state, 3), `after call ${at}`).toMatchObject({ code: 0, errors: '' })
  assertMigrated(data, state, `after call ${at}`)
  const third = JSON.parse((await run(data, state, 3)).out) as Result
  expect(third, `after call ${at}`).toMatchObject({ outcome: 'current', applied: [] })
  rmSync(data, { recursive: true })
  return first.signal === 'SIGKILL' ? 'killed' : 'completed'
}

function assertMigrated(data: string, state: State, when: string): void {
  const database = new Database(join(data, 'app.db'), { readonly: true })
  const rows = database.prepare('select title, path, hash, width, height from images order by id').all()
  const expected = PICTURES.map(({ name, path, hash, width, height }) => ({ title: name, path, hash, width, height }))
  expect(rows, when).toEqual(expected)
  const entries = database.prepare(
    'select kind, id, done, open from unplugin_migrations where serial > 0 order by serial',
  )
  const own = entries.all().filter((entry) => (entry as { readonly id: string }).id === MIGRATION)
  expect(own, when).toEqual([
    { kind: 'up', id: MIGRATION, done: 1, open: 1 },
    { kind: 'settled', id: MIGRATION, done: 1, open: 0 },
  ])
  database.close()
  if (state === 'own') expect(recordsIn(join(data, 'state.json.migrations/log')), when).toEqual([MIGRATION])
  const files = readdirSync(join(data, 'files/pictures'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.includes('.'),
  )
  const kept = new Set([...PICTURES.map(({ path }) => path.slice('pictures/'.length)), 'README.txt'])
  expect(files.toSorted(), when).toEqual([...kept].toSorted())
  for (const { path, bytes } of PICTURES) expect(readFileSync(join(data, 'files', path)).equals(bytes), when).toBe(true)
  const stage = join(data, 'files/.migrations/stage')
  expect(existsSync(stage) ? readdirSync(stage) : [], when).toEqual([])
}

/** The records of the image migration in a log on disk. */
function recordsIn(log: string): readonly string[] {
  // What a killed writer left half done begins with a dot.
  const names = readdirSync(log).filter((name) => !name.startsWith('.'))
  const lines = names.map((name) => readFileSync(join(log, name), 'utf8').split('\n')[0] ?? '')
  const entries = lines.flatMap((line) => JSON.parse(line) as { readonly kind: string; readonly id: string }[])
  return entries.flatMap(({ kind, id }) => (kind === 'up' && id === MIGRATION ? [id] : []))
}

// With the state in the database every call, else every third: the calls are the same but for those of the state.
it.each([
  ['db', 1],
  ['own', 3],
  ['files', 3],
] as const)(
  'an image migration that is killed at any of its calls is whole after the next start, state in %s',
  { timeout: 900_000 },
  async (state, step) => {
    const older = await olderData(state)
    let next = 1
    let killed = 0
    let isDone = false
    const worker = async (): Promise<void> => {
      while (!isDone) {
        const at = next
        next += step
        if ((await killAndRecover(older, state, at)) === 'completed') isDone = true
        else killed++
      }
    }
    await Promise.all([worker(), worker()])
    expect(killed, 'kills that really happened').toBeGreaterThan(100 / step)
  },
)

/** Kills a first start on nothing before its call `at`. */
async function killFirstStart(at: number): Promise<'killed' | 'completed'> {
  const data = join(folder, `first-${at}`)
  mkdirSync(data)
  const first = await run(data, 'own', 3, at)
  expect(await run(data, 'own', 3), `after call ${at}`).toMatchObject({ code: 0, errors: '' })
  const database = new Database(join(data, 'app.db'), { readonly: true })
  const ups = database.prepare(`select id from unplugin_migrations where kind = 'up' order by serial`).pluck().all()
  expect(ups, `after call ${at}`).toEqual(IDS)
  database.close()
  expect(readdirSync(join(data, 'files/pictures')), `after call ${at}`).toEqual(['README.txt'])
  expect(JSON.parse((await run(data, 'own', 3)).out), `after call ${at}`).toMatchObject({ outcome: 'current' })
  rmSync(data, { recursive: true })
  return first.signal === 'SIGKILL' ? 'killed' : 'completed'
}

it('a first start that is killed at any fifth of its calls is whole after the next', { timeout: 900_000 }, async () => {
  let killed = 0
  for (let at = 1; (await killFirstStart(at)) === 'killed'; at += 5) killed++
  expect(killed).toBeGreaterThan(20)
})
