import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { files } from '../../src/adapters/files.ts'
import { jsonFile } from '../../src/adapters/json-file.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Result } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from '../runtime/manifest.ts'

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0
const disk = mkdtempSync(join(tmpdir(), 'read-only-'))
let home = ''

function mount(...options: readonly string[]): string | null {
  try {
    execFileSync('mount', [...options, disk], { stdio: 'pipe' })
    return null
  } catch (error) {
    return String(error).split('\n')[0] ?? 'unknown'
  }
}

const refused = mount('-t', 'tmpfs', 'tmpfs')
if (refused !== null) console.log(`skipped: a read-only disk needs mount(8) with the rights of root: ${refused}`)

beforeEach(() => {
  home = mkdtempSync(join(disk, 'home-'))
  // Whoever runs this is not asked for permission as root is.
  if (isRoot) for (const path of [disk, home]) chownSync(path, NOBODY, NOBODY)
})
afterEach(() => rmSync(home, { recursive: true, force: true }))
afterAll(() => {
  if (refused === null) execFileSync('umount', ['--lazy', disk])
  rmSync(disk, { recursive: true, force: true })
})

async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (!isRoot) return work()
  process.seteuid?.(NOBODY)
  try {
    return await work()
  } finally {
    process.seteuid?.(0)
  }
}

/** Every folder and file, without the rights to write to it. */
function withoutRights(path: string): () => void {
  const paths = [path, ...readdirSync(path, { recursive: true, encoding: 'utf8' }).map((name) => join(path, name))]
  const modes = paths.map((each) => [each, statSync(each).mode] as const)
  for (const [each, mode] of modes) chmodSync(each, mode & ~0o222)
  return () => {
    for (const [each, mode] of modes) chmodSync(each, mode)
  }
}

const WAYS = {
  'a disk that is mounted read-only': () => {
    execFileSync('mount', ['-o', 'remount,ro', disk])
    return () => void execFileSync('mount', ['-o', 'remount,rw', disk])
  },
  'a folder without permission': () => withoutRights(home),
}

function contents(): readonly string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name, parentPath }) => `${name} ${readFileSync(join(parentPath, name)).toString('base64')}`)
    .toSorted()
}

interface Opened {
  readonly adapter: Adapter
  close(): void
}

interface OnDisk {
  open(): Opened
  migration(number: number): TestMigration
}

/** A role of a kind, and what a migration does with it. */
const STORAGES: Readonly<Record<string, OnDisk>> = {
  'better-sqlite3': {
    open() {
      const database = new Database(join(home, 'app.db'))
      return { adapter: betterSqlite3(database), close: () => void database.close() }
    },
    migration: (number) =>
      migration({ id: `app:${number}`, uses: { it: 'sql' }, sql: `create table t${number} (n integer)` }),
  },
  files: {
    open: () => ({ adapter: files(join(home, 'files')), close: () => {} }),
    migration: (number) =>
      migration({
        id: `app:${number}`,
        uses: { it: 'files' },
        up: ({ it: tree }) => tree.write(`${number}.txt`, Buffer.from('text')),
      }),
  },
  'json-file': {
    open: () => ({ adapter: jsonFile(join(home, 'data.json')), close: () => {} }),
    migration: (number) =>
      migration({ id: `app:${number}`, uses: { it: 'kv' }, up: ({ it: keys }) => keys.set(`key${number}`, number) }),
  },
}

async function run({ open, migration: numbered }: OnDisk, count: number): Promise<Result> {
  const { adapter, close } = open()
  const manifest = manifestOf(Array.from({ length: count }, (_, index) => numbered(index + 1)))
  try {
    return await asNobody(() => migrate(manifest, { adapters: { it: adapter }, state: 'it', wait: 200 }))
  } finally {
    close()
  }
}

describe.each(Object.entries(WAYS))('%s', (way, forbid) => {
  const isPossible = way.includes('mounted') ? refused === null : process.platform !== 'win32'

  it.skipIf(!isPossible).each(Object.entries(STORAGES))(
    'D03 below %s stops a run that has work, unchanged, and no run that has none',
    async (_, storage) => {
      await run(storage, 1)
      const before = contents()
      const allow = forbid()
      try {
        await expect(run(storage, 2)).rejects.toMatchObject({
          code: expect.stringMatching(/^MIG_R02(01|07)$/),
          applied: [],
          notApplied: ['app:2'],
        })
        expect(await run(storage, 1)).toMatchObject({ outcome: 'current' })
        expect(contents()).toEqual(before)
      } finally {
        allow()
      }
      expect((await run(storage, 2)).applied.map(({ id }) => id)).toEqual(['app:2'])
    },
  )

  it.skipIf(!isPossible)('D03 below a state store stops a run before its first migration', async () => {
    const state = jsonFile(join(home, 'state.json'))
    const database = new Database(':memory:')
    const one = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table t (n integer)' })
    const allow = forbid()
    try {
      const options = { adapters: { db: betterSqlite3(database) }, state }
      await expect(asNobody(() => migrate(manifestOf([one]), options))).rejects.toMatchObject({ code: 'MIG_R0207' })
      expect(database.prepare('select * from sqlite_master').all()).toEqual([])
      expect(contents()).toEqual([])
    } finally {
      allow()
    }
  })
})

it.skipIf(process.platform === 'win32')(
  'D03 a state that nobody may read is no empty one (Umzug read it so)',
  async () => {
    const file = join(home, 'state.json')
    const database = new Database(':memory:')
    let calls = 0
    const up = async (): Promise<void> => void calls++
    const all = [1, 2].map((number) => migration({ id: `app:${number}`, uses: { db: 'sql' }, up }))
    const options = { adapters: { db: betterSqlite3(database) }, state: jsonFile(file), wait: 200 }
    await asNobody(() => migrate(manifestOf(all.slice(0, 1)), options))
    const log = join(home, 'state.json.migrations/log')
    for (const name of readdirSync(log)) chmodSync(join(log, name), 0)
    chmodSync(join(home, 'state.json.migrations/head.json'), 0)
    await expect(asNobody(() => migrate(manifestOf(all), options))).rejects.toMatchObject({ code: 'MIG_R0222' })
    expect(calls).toBe(1)
  },
)
