import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const folder = mkdtempSync(join(tmpdir(), 'memory-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const COUNT = 400
const SMALL = ['--max-old-space-size=48']

interface End {
  readonly died: boolean
  readonly out: string
  readonly errors: string
}

function run(driver: string, storage: string, options: readonly string[], hungry: string): Promise<End> {
  const script = join(import.meta.dirname, 'hungry-once.mjs')
  const child = spawn(process.execPath, [...options, script, driver, storage, String(COUNT)], {
    env: { ...process.env, HUNGRY: hungry },
  })
  let out = ''
  let errors = ''
  child.stdout.on('data', (text) => (out += String(text)))
  child.stderr.on('data', (text) => (errors += String(text)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ died: signal !== null || code !== 0, out, errors }))
  })
}

const STORAGES = {
  'better-sqlite3': {
    create: async () => join(folder, 'app.db'),
    async numbers(file: string, query: string): Promise<readonly number[]> {
      const database = new Database(file)
      const numbers = database.prepare(query).pluck().all() as readonly number[]
      database.close()
      return numbers
    },
  },
  pg: {
    create: () => server.createDatabase(),
    async numbers(connectionString: string, query: string): Promise<readonly number[]> {
      const client = new Client({ connectionString })
      await client.connect()
      const { rows } = await client.query({ text: query, rowMode: 'array' })
      await client.end()
      return rows.flat().map(Number)
    },
  },
}

it.each(Object.entries(STORAGES))(
  'C14 %s: a process that runs out of memory leaves nothing half done, and the next one does the rest',
  async (driver, { create, numbers }) => {
    const storage = await create()
    const first = await run(driver, storage, SMALL, 'yes')
    expect(first).toMatchObject({
      died: true,
      out: '',
      errors: expect.stringContaining('heap out of memory') as unknown,
    })
    const effects = await numbers(storage, 'select n from effects order by n')
    const entries = await numbers(storage, `select serial from unplugin_migrations where kind = 'up' and done = 1`)
    expect(effects.length, 'it died in the middle').toBeGreaterThan(5)
    expect(effects.length).toBeLessThan(COUNT - 5)
    // The first migration creates the table.
    expect(entries).toHaveLength(effects.length + 1)
    // All of it fits into the same memory, where nobody keeps what it was told.
    const second = await run(driver, storage, SMALL, '')
    expect(second).toMatchObject({ died: false, errors: '' })
    expect(JSON.parse(second.out)).toEqual({ outcome: 'migrated', applied: COUNT - entries.length })
    expect(await numbers(storage, 'select n from effects order by n')).toEqual(
      Array.from({ length: COUNT - 1 }, (_, index) => index + 1),
    )
  },
)
