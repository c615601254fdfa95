import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { files } from '../../src/adapters/files.ts'
import { jsonFile } from '../../src/adapters/json-file.ts'
import type { Options } from '../../src/runtime/options.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { status } from '../../src/runtime/status.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'

const disk = mkdtempSync(join(tmpdir(), 'disk-full-'))

function mount(): string | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'pipe' })
    return null
  } catch (error) {
    return String(error).split('\n')[0] ?? 'unknown'
  }
}

const refused = mount()
if (refused !== null) console.log(`skipped: a small disk needs mount(8) with the rights of root: ${refused}`)

afterAll(() => {
  if (refused === null) execFileSync('umount', ['--lazy', disk])
  rmSync(disk, { recursive: true, force: true })
})

const home = (): string => join(disk, 'home')
beforeEach(() => mkdirSync(home()))
afterEach(() => {
  rmSync(home(), { recursive: true, force: true })
  rmSync(join(disk, 'ballast'), { force: true })
})

/** Fills the disk but for `left` KiB. */
function fill(left: number): void {
  const [line = ''] = execFileSync('df', ['--output=avail', '-k', disk], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .slice(-1)
  writeFileSync(join(disk, 'ballast'), Buffer.alloc(Math.max(0, Number(line) - left) * 1024))
}

const first = migration({
  id: 'app:1',
  uses: { db: 'sql', files: 'files', events: 'kv' },
  up: async ({ db, files: tree, events }) => {
    await db.script('create table pictures (path text, note text)')
    await db.run`insert into pictures values (${'a.png'}, ${'first'})`
    await tree.write('a.png', Buffer.alloc(8192, 1))
    await events.set('visits', 1)
  },
})
const second = migration({
  id: 'app:2',
  uses: { db: 'sql', files: 'files', events: 'kv' },
  up: async ({ db, files: tree, events }) => {
    await db.run`update pictures set path = ${'moved/a.png'}, note = ${'second'.repeat(2000)}`
    await tree.move('a.png', 'moved/a.png')
    await tree.write('b.png', Buffer.alloc(20_000, 2))
    await events.set('visits', 'many '.repeat(2000))
  },
})

function open(): { readonly database: Database.Database; readonly options: Options<'db' | 'files' | 'events'> } {
  const database = new Database(join(home(), 'app.db'))
  const adapters = {
    db: betterSqlite3(database),
    files: files(join(home(), 'files')),
    events: jsonFile(join(home(), 'events.json')),
  }
  return { database, options: { adapters, state: 'db' } }
}

/** Whether the second migration is there: on all storages or on none. */
function isSecondThere(database: Database.Database): boolean {
  const row = database.prepare('select path, substr(note, 1, 6) as note from pictures').get() as {
    readonly note: string
  }
  const there = row.note === 'second'
  const pictures = readdirSync(join(home(), 'files'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.png'),
  )
  expect(pictures.toSorted()).toEqual(there ? ['b.png', 'moved/a.png'] : ['a.png'])
  expect(readFileSync(join(home(), 'files', there ? 'moved/a.png' : 'a.png'))).toEqual(Buffer.alloc(8192, 1))
  const { visits } = JSON.parse(readFileSync(join(home(), 'events.json'), 'utf8')) as { readonly visits: unknown }
  expect(visits).toBe(there ? 'many '.repeat(2000) : 1)
  return there
}

describe.skipIf(refused !== null)('a disk that is full', () => {
  it('D01 at whatever point stops the run with an error, loses nothing, and the next run with space goes on', async () => {
    const codes = new Set<string>()
    let completed = 0
    for (let left = 0; left <= 120; left += 4) {
      const { database, options } = open()
      await migrate(manifestOf([first]), options)
      fill(left)
      const error: unknown = await migrate(manifestOf([first, second]), options).then(
        () => null,
        (thrown: unknown) => thrown,
      )
      if (error === null) completed++
      else codes.add((error as { readonly code: string }).code)
      const wasCommitted = (await status(manifestOf([first, second]), options)).migrations[1]?.state
      if (wasCommitted === 'pending') expect(isSecondThere(database), `${left} KiB left`).toBe(false)
      rmSync(join(disk, 'ballast'))
      await migrate(manifestOf([first, second]), options)
      expect(isSecondThere(database), `${left} KiB left`).toBe(true)
      expect((await migrate(manifestOf([first, second]), options)).outcome).toBe('current')
      expect(readdirSync(join(home(), 'files/.migrations/stage'))).toEqual([])
      database.close()
      rmSync(home(), { recursive: true })
      mkdirSync(home())
    }
    expect(completed).toBeGreaterThan(0)
    expect(
      [...codes].every((code) => ['MIG_R0201', 'MIG_R0202', 'MIG_R0204', 'MIG_R0207'].includes(code)),
      [...codes].join(),
    ).toBe(true)
    expect(codes).toContain('MIG_R0201')
  })

  it('D01 at the first start leaves a storage that can be started again', async () => {
    for (let left = 0; left <= 40; left += 4) {
      fill(left)
      const { database, options } = open()
      await migrate(manifestOf([first]), options).catch(() => {})
      rmSync(join(disk, 'ballast'))
      await migrate(manifestOf([first]), options)
      expect(isSecondThere(database), `${left} KiB left`).toBe(false)
      database.close()
      rmSync(home(), { recursive: true })
      mkdirSync(home())
    }
  })

  it('D01 keeps the state file of an application readable', async () => {
    const state = jsonFile(join(home(), 'state.json'))
    const options = { adapters: { db: betterSqlite3(new Database(':memory:')) }, state }
    const manifest = (count: number): ReturnType<typeof manifestOf> =>
      manifestOf(
        Array.from({ length: count }, (_, index) =>
          // Scripts would run both before either is recorded.
          migration({
            id: `app:${index}`,
            uses: { db: 'sql' },
            up: ({ db }) => db.script(`create table t${index} (a)`),
          }),
        ),
      )
    await migrate(manifest(1), options)
    fill(0)
    await expect(migrate(manifest(3), options)).rejects.toMatchObject({ code: 'MIG_R0207', applied: ['app:1'] })
    expect((await state.log.head())?.last.id).toBe('app:0')
    rmSync(join(disk, 'ballast'))
    expect((await migrate(manifest(3), options)).applied.map(({ id }) => id)).toEqual(['app:2'])
    expect((await state.log.head())?.last.serial).toBeGreaterThan(2)
  })

  it.each(['delete', 'wal'])(
    'D02 below SQLite (journal mode %s) rolls the migration back, and with space it runs once',
    async (mode) => {
      const codes = new Set<string>()
      let completed = 0
      const small = migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table notes (note text)' })
      const big = migration({
        id: 'app:2',
        uses: { db: 'sql' },
        up: async ({ db }) => {
          for (let n = 0; n < 10; n++) await db.run`insert into notes values (${'note'.repeat(1000)})`
        },
      })
      for (let left = 0; left <= 120; left += 8) {
        const database = new Database(join(home(), 'app.db'))
        database.pragma(`journal_mode = ${mode}`)
        const options = { adapters: { db: betterSqlite3(database) }, state: 'db' as const }
        await migrate(manifestOf([small]), options)
        fill(left)
        const error: unknown = await migrate(manifestOf([small, big]), options).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        const count = database.prepare('select count(*) from notes').pluck()
        if (error === null) completed++
        else codes.add((error as { readonly code: string }).code)
        expect(database.inTransaction).toBe(false)
        expect(count.get(), `${left} KiB left`).toBe(error === null ? 10 : 0)
        const { migrations } = await status(manifestOf([small, big]), options)
        expect(migrations[1]?.state).toBe(error === null ? 'applied' : 'pending')
        rmSync(join(disk, 'ballast'))
        await migrate(manifestOf([small, big]), options)
        expect(count.get(), `${left} KiB left`).toBe(10)
        database.close()
        rmSync(home(), { recursive: true })
        mkdirSync(home())
      }
      expect(completed).toBeGreaterThan(0)
      expect([...codes].toSorted()).toEqual(['MIG_R0201'])
    },
  )
})
