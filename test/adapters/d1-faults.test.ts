import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { type D1Database, d1 } from '../../src/adapters/d1.ts'
import { files } from '../../src/adapters/files.ts'
import { jsonFile } from '../../src/adapters/json-file.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'
import { rowsOf, useD1 } from '../servers/d1.ts'
import { type Fault, faultyD1 } from './d1-faults.ts'

const server = useD1(400)
const folder = mkdtempSync(join(tmpdir(), 'd1-faults-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** One installation, whose D1 may be reached through a binding with a fault. */
interface Installation {
  options(database: D1Database): Options
  readonly migrations: readonly TestMigration[]
  assertComplete(database: D1Database): Promise<void>
}

const table = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table effects (id text)' })
const row = migration({
  id: 'app:2',
  uses: { db: 'sql' },
  async up({ db }) {
    const [before] = await db.rows<{ readonly n: number }>`select count(*) as n from effects`
    await db.run`insert into effects values (${`after ${before?.n}`})`
  },
})
const EFFECTS = ['after 0']

async function assertEffects(database: D1Database): Promise<void> {
  const effects = await rowsOf<{ readonly id: string }>(database, 'select id from effects order by rowid')
  expect(effects.map(({ id }) => id)).toEqual(EFFECTS)
  await assertLog(database)
}

async function assertLog(database: D1Database): Promise<void> {
  const entries = await rowsOf<{ readonly serial: number; readonly done: number; readonly open: number }>(
    database,
    `select serial, done, rest ->> 'open' as open from unplugin_migrations order by serial`,
  )
  expect(entries.map(({ serial, done }) => [serial, done])).toEqual(entries.map((_, index) => [index, 1]))
  expect(entries.at(-1)?.open).toBe(0)
}

let count = 0
const fresh = (): string => join(folder, String(count++))

function alone(): Installation {
  return {
    options: (database) => ({ adapters: { db: d1(database) }, state: 'db' }),
    migrations: [table, row],
    assertComplete: assertEffects,
  }
}

function withStateFile(): Installation {
  const state = fresh()
  return { ...alone(), options: (database) => ({ adapters: { db: d1(database) }, state: jsonFile(state) }) }
}

function asState(): Installation {
  const sqlite = new Database(fresh())
  return {
    options: (database) => ({ adapters: { db: betterSqlite3(sqlite) }, state: d1(database) }),
    migrations: [table, row],
    async assertComplete(database) {
      expect(sqlite.prepare('select id from effects').pluck().all()).toEqual(EFFECTS)
      const records = await rowsOf(database, `select id from unplugin_migrations where kind = 'up' order by serial`)
      expect(records).toEqual([{ id: 'app:1' }, { id: 'app:2' }])
      await assertLog(database)
    },
  }
}

function together(): Installation {
  const root = fresh()
  const data = new Map<string, Json>()
  const both = migration({
    id: 'app:2',
    uses: { db: 'sql', files: 'files', kv: 'kv' },
    async up({ db, files: tree, kv }) {
      await db.run`insert into effects values (${'after 0'})`
      await tree.write('a.txt', new TextEncoder().encode('text'))
      await kv.set('visits', Number((await kv.get('visits')) ?? 0) + 1)
    },
  })
  return {
    options: (database) => ({ adapters: { db: d1(database), files: files(root), kv: memory(data) }, state: 'db' }),
    migrations: [table, both],
    async assertComplete(database) {
      await assertEffects(database)
      expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('text')
      expect([...data]).toEqual([['visits', 1]])
      const left = readdirSync(join(root, '.migrations'), { recursive: true, encoding: 'utf8' })
      expect(left.filter((name) => /stage.*\//.test(name))).toEqual([])
    },
  }
}

const ALONE_OR_TOGETHER = { 'state in the same D1': alone, 'with files and keys in one unit': together }
const INSTALLATIONS = { ...ALONE_OR_TOGETHER, 'state in a file': withStateFile, 'state of SQLite in D1': asState }

/** Runs with a fault at each operation, one after the other, until a run has less. @returns why runs failed */
async function enumerate(make: () => Installation, fault: Fault): Promise<readonly string[]> {
  const failures: string[] = []
  for (let at = 1; ; at++) {
    const original = await server.createDatabase()
    const installation = make()
    const manifest = manifestOf(installation.migrations)
    const { database, isFired } = faultyD1(original, at, fault)
    const error: unknown = await migrate(manifest, installation.options(database)).catch((thrown: unknown) => thrown)
    if (error instanceof Error) failures.push(error.message)
    await migrate(manifest, installation.options(original))
    await installation.assertComplete(original)
    if (isFired()) continue
    expect(await migrate(manifest, installation.options(original))).toMatchObject({ outcome: 'current' })
    expect(at, 'operations of a run').toBeGreaterThan(6)
    return failures
  }
}

/** The run goes on by itself. What a migration itself reads is its own business. */
async function assertGoesOn(make: () => Installation, fault: Fault): Promise<void> {
  const failures = await enumerate(make, fault)
  expect(failures.filter((message) => !message.startsWith('[MIG_R0201] app:2: db'))).toEqual([])
  expect(failures.length).toBeLessThanOrEqual(1)
}

describe.each(Object.entries(INSTALLATIONS))('C05, d1, %s: every effect once, whatever operation meets', (_, make) => {
  it('the end of the process after it', async () => {
    expect(await enumerate(make, 'killed after')).not.toEqual([])
  })

  it('the loss of its answer', () => assertGoesOn(make, 'answer lost'))
})

describe.each(Object.entries(ALONE_OR_TOGETHER))(
  'C05, d1, %s: every effect once, whatever operation meets',
  (_, make) => {
    it('the end of the process before it', async () => {
      expect(await enumerate(make, 'killed before')).not.toEqual([])
    })

    it.each(['request lost', 'late'] as const)('%s', (fault) => assertGoesOn(make, fault))
  },
)
