import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import { expect, it } from 'vitest'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const PROCESSES = 4

interface Crowd {
  /** What each process says that it applied. */
  readonly told: readonly unknown[]
  readonly effects: number
}

async function crowd(driver: 'pg' | 'better-sqlite3', protection: 'protected' | 'unprotected'): Promise<Crowd> {
  const folder = mkdtempSync(join(tmpdir(), 'stateless-'))
  const url = driver === 'pg' ? await server.createDatabase() : ''
  const client = driver === 'pg' ? new Client({ connectionString: url }) : undefined
  const database = client ? undefined : new Database(join(folder, 'app.db'))
  try {
    await client?.connect()
    await client?.query('create table effects (id text)')
    database?.exec('create table effects (id text)')
    const numbers = Array.from({ length: PROCESSES }, (_, number) => `${number}`)
    const script = join(import.meta.dirname, 'stateless-once.mjs')
    const all = numbers.map((number) =>
      promisify(execFile)(process.execPath, [script, folder, driver, protection, number], {
        env: { ...process.env, DATABASE: url },
      }),
    )
    while (!numbers.every((number) => existsSync(join(folder, `ready-${number}`)))) await delay(20)
    writeFileSync(join(folder, 'go'), '')
    const told = (await Promise.all(all)).map(({ stdout }): unknown => JSON.parse(stdout))
    const rows = client
      ? (await client.query('select * from effects')).rows
      : (database?.prepare('select * from effects').all() ?? [])
    return { told, effects: rows.length }
  } finally {
    await client?.end()
    database?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

it.each(['pg', 'better-sqlite3'] as const)(
  'of many processes without a state, one makes the change, and the others find it made: %s',
  async (driver) => {
    const { told, effects } = await crowd(driver, 'protected')
    expect(effects).toBe(1)
    expect(told.filter((one) => JSON.stringify(one) === '["app:0001_effect"]')).toHaveLength(1)
    expect(told.filter((one) => JSON.stringify(one) === '[]')).toHaveLength(PROCESSES - 1)
  },
  60_000,
)

it.each(['pg', 'better-sqlite3'] as const)(
  'without the lock several of them make it: %s',
  async (driver) => {
    expect((await crowd(driver, 'unprotected')).effects).toBeGreaterThan(1)
  },
  60_000,
)
