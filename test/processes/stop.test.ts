import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const folder = mkdtempSync(join(tmpdir(), 'stop-'))
let count = 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Driver = 'pg' | 'better-sqlite3'

const DRIVERS: readonly Driver[] = ['better-sqlite3', 'pg']
const LONG = 60_000
const TERM = ['SIGTERM', 143] as const
const INT = ['SIGINT', 130] as const

interface Run {
  /** How long its second migration takes, in ms. */
  readonly duration: number
  readonly grace: number | 'none'
  /** Sends the signals, in order, when the process has printed the line. */
  readonly at?: string
  readonly signals?: readonly NodeJS.Signals[]
  readonly serve?: true
}

interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly out: string
  readonly errors: string
}

function newStorage(driver: Driver): Promise<string> {
  return driver === 'pg' ? server.createDatabase() : Promise.resolve(join(folder, `${count++}.db`))
}

function run(driver: Driver, storage: string, { duration, grace, at, signals = [], serve }: Run): Promise<End> {
  const script = join(import.meta.dirname, 'stop-once.mjs')
  const child = spawn(process.execPath, [script, driver, storage, `${duration}`, `${grace}`], {
    env: { ...process.env, SERVE: serve ? 'yes' : '' },
  })
  let out = ''
  let errors = ''
  const left = [...signals]
  const send = (): void => {
    const next = left.shift()
    if (next) child.kill(next)
    // Two of one kind at once are one.
    if (left.length > 0) setTimeout(send, 100)
  }
  child.stderr.on('data', (text) => (errors += String(text)))
  child.stdout.on('data', (text) => {
    const isThere = at !== undefined && !out.includes(at)
    out += String(text)
    if (isThere && out.includes(at)) send()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code, signal, out, errors }))
  })
}

/** `none`: there is no table. */
async function done(driver: Driver, storage: string): Promise<readonly number[] | 'none'> {
  const query = 'select n from done order by n'
  if (driver === 'better-sqlite3') {
    const database = new Database(storage)
    try {
      const isThere = database.prepare(`select 1 from sqlite_master where name = 'done'`).get()
      return isThere ? (database.prepare(query).pluck().all() as readonly number[]) : 'none'
    } finally {
      database.close()
    }
  }
  const client = new Client({ connectionString: storage })
  await client.connect()
  try {
    const { rows } = await client.query(`select to_regclass('done') as name`)
    return rows[0]?.name === null ? 'none' : (await client.query(query)).rows.map(({ n }) => Number(n))
  } finally {
    await client.end()
  }
}

/** Nothing is locked, and nothing half done: a run that nobody stops does the rest. */
async function assertRest(driver: Driver, storage: string, applied: number): Promise<void> {
  const end = await run(driver, storage, { duration: 0, grace: 1000 })
  expect(end).toMatchObject({ code: 0, errors: '' })
  expect(end.out).toContain(`applied ${applied}`)
  expect(await done(driver, storage)).toEqual([2, 3, 22])
}

describe.each(DRIVERS)('a process on %s that is told to end', (driver) => {
  it('C09 before its first migration starts none, and ends with the code of the signal', async () => {
    const storage = await newStorage(driver)
    for (const [signal, code] of driver === 'pg' ? [TERM] : [TERM, INT]) {
      const end = await run(driver, storage, { duration: 0, grace: LONG, at: 'planned', signals: [signal] })
      expect(end).toMatchObject({ code, signal: null, errors: expect.stringContaining('MIG_R0206') as unknown })
      expect(await done(driver, storage)).toBe('none')
    }
    await assertRest(driver, storage, 3)
  }, 30_000)

  it('C09 during a migration ends that, starts no other, and ends with 143', async () => {
    const storage = await newStorage(driver)
    const end = await run(driver, storage, { duration: 500, grace: LONG, at: 'half', signals: ['SIGTERM'] })
    expect(end).toMatchObject({ code: 143, signal: null, errors: expect.stringContaining('MIG_R0206') as unknown })
    expect(await done(driver, storage)).toEqual([2, 22])
    await assertRest(driver, storage, 1)
  }, 30_000)

  it('C09 during a migration that takes longer than the grace leaves nothing of it', async () => {
    const storage = await newStorage(driver)
    const end = await run(driver, storage, { duration: LONG, grace: 100, at: 'half', signals: ['SIGTERM'] })
    expect(end).toMatchObject({ code: 143, signal: null, errors: '' })
    expect(await done(driver, storage)).toEqual([])
    await assertRest(driver, storage, 2)
  }, 30_000)

  it('C09 after the run ends with 143, whatever else it does', async () => {
    const storage = await newStorage(driver)
    const stopped: Run = { duration: 0, grace: 100, at: 'applied 3', signals: ['SIGTERM'], serve: true }
    expect(await run(driver, storage, stopped)).toMatchObject({ code: 143, signal: null, errors: '' })
    await assertRest(driver, storage, 0)
  }, 30_000)

  it('twice does not wait', async () => {
    const storage = await newStorage(driver)
    const signals = ['SIGTERM', 'SIGTERM'] as const
    const end = await run(driver, storage, { duration: LONG, grace: LONG, at: 'half', signals })
    expect(end).toMatchObject({ code: 143, signal: null, errors: '' })
    await assertRest(driver, storage, 2)
  }, 30_000)

  it('C10 and is killed then leaves nothing of the migration that it was at', async () => {
    const storage = await newStorage(driver)
    const signals = ['SIGTERM', 'SIGKILL'] as const
    const end = await run(driver, storage, { duration: LONG, grace: LONG, at: 'half', signals })
    expect(end).toMatchObject({ code: null, signal: 'SIGKILL' })
    expect(await done(driver, storage)).toEqual([])
    await assertRest(driver, storage, 2)
  }, 30_000)

  it('and does not listen ends at once, in the middle of a migration', async () => {
    const storage = await newStorage(driver)
    const end = await run(driver, storage, { duration: 500, grace: 'none', at: 'half', signals: ['SIGTERM'] })
    expect(end).toMatchObject({ code: null, signal: 'SIGTERM' })
    expect(await done(driver, storage)).toEqual([])
  }, 30_000)
})
