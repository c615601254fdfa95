import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Client } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { atEachCall } from '../kill/at-each-call.ts'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const folder = mkdtempSync(join(tmpdir(), 'stop-calls-'))
let count = 0
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface End {
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

/** @param at of its calls, the one during which it is told to end */
function run(driver: string, storage: string, at?: number): Promise<End> {
  const [script, killer] = ['stop-once.mjs', '../kill/kill-at.cjs'].map((file) => join(import.meta.dirname, file))
  const watched = at === undefined ? [] : ['--require', `${killer}`]
  const child = spawn(process.execPath, [...watched, `${script}`, driver, storage, '0', '60000'], {
    env: {
      ...process.env,
      KILL_AT: `${at}`,
      KILL_SIGNAL: 'SIGTERM',
      BETTER_SQLITE3: createRequire(import.meta.url).resolve('better-sqlite3'),
    },
  })
  let out = ''
  let errors = ''
  child.stdout.on('data', (text) => (out += String(text)))
  child.stderr.on('data', (text) => (errors += String(text)))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, errors }))
  })
}

const TABLES = `('done', 'unplugin_migrations')`

const STORAGES = {
  'better-sqlite3': {
    create: async () => join(folder, `${count++}.db`),
    async rows(file: string, query: string): Promise<readonly unknown[]> {
      const database = new Database(file)
      const rows = database.prepare(query).pluck().all()
      database.close()
      return rows
    },
    tables: `select name from sqlite_master where name in ${TABLES} order by name`,
  },
  pg: {
    create: () => server.createDatabase(),
    async rows(connectionString: string, query: string): Promise<readonly unknown[]> {
      const client = new Client({ connectionString })
      await client.connect()
      const { rows } = await client.query({ text: query, rowMode: 'array' })
      await client.end()
      return rows.flat()
    },
    tables: `select tablename from pg_tables where tablename in ${TABLES} order by 1`,
  },
}

/** By how many migrations are applied, what is there. */
const WHOLE = [[], [], [2, 22], [2, 3, 22]]

it.each(Object.entries(STORAGES))(
  'C09 %s: a process that is told to end during any second of its calls ends in order, with its migrations whole',
  { timeout: 300_000 },
  async (driver, { create, rows, tables }) => {
    const seen = new Set<number>()
    const struck = await atEachCall(2, async (at) => {
      const storage = await create()
      const { code, errors } = await run(driver, storage, at)
      const when = `call ${at}: ${errors}`
      if (code !== 0) expect(code, when).toBe(143)
      const known = await rows(storage, tables)
      const applied = known.includes('unplugin_migrations')
        ? await rows(storage, `select id from unplugin_migrations where kind = 'up' and done = 1`)
        : []
      if (applied.length < 3) expect(errors, when).toContain('MIG_R0206')
      expect(known.includes('done'), when).toBe(applied.length > 0)
      if (applied.length > 0)
        expect((await rows(storage, 'select n from done order by n')).map(Number), when).toEqual(WHOLE[applied.length])
      seen.add(applied.length)
      expect(await run(driver, storage), when).toMatchObject({ code: 0, errors: '' })
      expect((await rows(storage, 'select n from done order by n')).map(Number), when).toEqual(WHOLE[3])
      return code === 143
    })
    expect(struck, 'processes that were really told').toBeGreaterThan(7)
    expect(seen.size, 'places where they ended').toBeGreaterThan(2)
  },
)
