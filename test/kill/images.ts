import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { encodePng } from '../../playground/play/png.mjs'
import type { Result } from '../../src/runtime/options.ts'
import { usePostgres } from '../servers/postgres.ts'
import { redisUrl } from '../servers/redis.ts'
import { atEachCall } from './at-each-call.ts'
import { buildImageApp } from './build-image-app.ts'
import { type Data, type State, postgresData, recordsIn, sqliteData } from '../processes/data.ts'

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

const server = usePostgres()
const folder = mkdtempSync(join(tmpdir(), 'kill-'))
let app = ''
let count = 0
const fresh = (): string => join(folder, `${count++}`)

beforeAll(async () => {
  const home = join(folder, 'app')
  mkdirSync(home)
  app = await buildImageApp(home)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const TARGETS = {
  SQLite: (state: State) => sqliteData(fresh(), state),
  PostgreSQL: (state: State) => postgresData(server, fresh(), state),
}

/** What an older release and its users left. */
async function olderData(data: Data): Promise<Data> {
  expect(await run(data, 2)).toMatchObject({ code: 0 })
  for (const [index, { name, bytes }] of PICTURES.entries()) {
    writeFileSync(join(data.folder, 'files/pictures', name), bytes)
    await data.rows(
      `insert into images (id, title, path, uploaded, caption) values (${index + 1}, '${name}', 'pictures/${name}', '2024-01-01', '')`,
    )
  }
  return data
}

interface End {
  readonly signal: NodeJS.Signals | null
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

function run({ folder: home, state, env }: Data, migrations: number, killAt?: number): Promise<End> {
  const killer = ['--require', join(import.meta.dirname, 'kill-at.cjs')]
  const parameters = [...(killAt === undefined ? [] : killer), app, home, String(migrations), state]
  const alone = killAt === undefined ? { ALONE: 'yes' } : { KILL_AT: String(killAt) }
  const child = spawn(process.execPath, parameters, { env: { ...process.env, ...env, ...alone } })
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
async function killAndRecover(older: Data, at: number): Promise<boolean> {
  const data = await older.copy(fresh())
  const first = await run(data, 3, at)
  if (first.signal === null) expect(first, `call ${at}`).toMatchObject({ code: 0 })
  expect(await run(data, 3), `after call ${at}`).toMatchObject({ code: 0, errors: '' })
  await assertMigrated(data, `after call ${at}`)
  const third = JSON.parse((await run(data, 3)).out) as Result
  expect(third, `after call ${at}`).toMatchObject({ outcome: 'current', applied: [] })
  await data.remove()
  return first.signal === 'SIGKILL'
}

async function assertMigrated(data: Data, when: string): Promise<void> {
  const rows = await data.rows('select title, path, hash, width, height from images order by id')
  const expected = PICTURES.map(({ name, path, hash, width, height }) => ({ title: name, path, hash, width, height }))
  expect(rows, when).toEqual(expected)
  const entries = await data.rows(
    `select kind, id, done, rest from unplugin_migrations where id = '${MIGRATION}' order by serial`,
  )
  expect(
    entries.map(({ kind, done, rest }) => [kind, Number(done), JSON.parse(String(rest)).open as number]),
    when,
  ).toEqual([
    ['up', 1, 1],
    ['settled', 1, 0],
  ])
  const records = await recordsIn(data)
  if (data.state === 'own' || data.state === 'redis')
    expect(
      records.filter(({ kind, id }) => kind === 'up' && id === MIGRATION),
      when,
    ).toHaveLength(1)
  const home = join(data.folder, 'files')
  const files = readdirSync(join(home, 'pictures'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.includes('.'),
  )
  const kept = new Set([...PICTURES.map(({ path }) => path.slice('pictures/'.length)), 'README.txt'])
  expect(files.toSorted(), when).toEqual([...kept].toSorted())
  for (const { path, bytes } of PICTURES) expect(readFileSync(join(home, path)).equals(bytes), when).toBe(true)
  const stage = join(home, '.migrations/stage')
  expect(existsSync(stage) ? readdirSync(stage) : [], when).toEqual([])
}

/** Kills a first start on nothing before its call `at`. */
async function killFirstStart(data: Data, at: number): Promise<boolean> {
  const first = await run(data, 3, at)
  expect(await run(data, 3), `after call ${at}`).toMatchObject({ code: 0, errors: '' })
  const ups = await data.rows(`select id from unplugin_migrations where kind = 'up' order by serial`)
  expect(
    ups.map(({ id }) => id),
    `after call ${at}`,
  ).toEqual(IDS)
  expect(readdirSync(join(data.folder, 'files/pictures')), `after call ${at}`).toEqual(['README.txt'])
  expect(JSON.parse((await run(data, 3)).out), `after call ${at}`).toMatchObject({ outcome: 'current' })
  await data.remove()
  return first.signal === 'SIGKILL'
}

// With the state in the database every call, else some: the calls are the same but for those of the state.
const LOOPS: readonly (readonly [keyof typeof TARGETS, State, number])[] = [
  ['SQLite', 'db', 1],
  ['SQLite', 'own', 3],
  ['SQLite', 'files', 3],
  ['PostgreSQL', 'db', 1],
  ['PostgreSQL', 'own', 3],
  ['PostgreSQL', 'redis', 3],
]

/** @param spread of so many of these calls, one is killed */
export function testImages(spread: number): void {
  for (const [target, state, every] of LOOPS)
    it.skipIf(state === 'redis' && redisUrl === undefined)(
      `C01 C02 D11 an image migration on ${target}, state in ${state}, that is killed at any of its calls (step ${every * spread}) is whole after the next start`,
      { timeout: 900_000 },
      async () => {
        const step = every * spread
        const older = await olderData(await TARGETS[target](state))
        const killed = await atEachCall(step, (at) => killAndRecover(older, at))
        expect(killed, 'kills that really happened').toBeGreaterThan(100 / step)
      },
    )

  it.each(['SQLite', 'PostgreSQL'] as const)(
    `C01 C02 a first start on %s that is killed at its calls (step ${5 * spread}) is whole after the next`,
    { timeout: 900_000 },
    async (target) => {
      const killed = await atEachCall(5 * spread, async (at) => killFirstStart(await TARGETS[target]('own'), at))
      expect(killed).toBeGreaterThan(20 / spread)
    },
  )
}
