import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Result } from '../../src/runtime/options.ts'
import { status } from '../../src/runtime/status.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'

let home = ''
const open: Database.Database[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sqlite-files-'))
})
afterEach(() => {
  for (const database of open.splice(0)) database.close()
  rmSync(home, { recursive: true, force: true })
})

function connect(name = 'app.db'): Database.Database {
  const database = new Database(join(home, name))
  open.push(database)
  database.pragma('journal_mode = wal')
  // What is written stays in the WAL, where the copies below leave it behind.
  database.pragma('wal_autocheckpoint = 0')
  return database
}

const counting = (number: number) =>
  migration({
    id: `app:${number}`,
    uses: { db: 'sql' },
    sql: `create table if not exists effects (n integer); insert into effects values (${number})`,
  })

function run(database: Database.Database, count: number, state?: Adapter): Promise<Result> {
  const manifest = manifestOf(Array.from({ length: count }, (_, index) => counting(index + 1)))
  return migrate(manifest, { adapters: { db: betterSqlite3(database) }, state: state ?? 'db' })
}

const effects = (database: Database.Database): readonly unknown[] =>
  database.prepare('select n from effects order by n').pluck().all()

describe('D13 a database of SQLite without its WAL', () => {
  /** Two migrations are in the file, the third is in the WAL alone. */
  async function withoutWal(state?: Adapter): Promise<Database.Database> {
    const database = connect()
    await run(database, 2, state)
    database.pragma('wal_checkpoint(truncate)')
    await run(database, 3, state)
    copyFileSync(join(home, 'app.db'), join(home, 'copy.db'))
    return connect('copy.db')
  }

  it('has neither the effect nor the marker of what was there, and a run makes both', async () => {
    const copy = await withoutWal()
    expect(effects(copy)).toEqual([1, 2])
    expect((await run(copy, 3)).applied.map(({ id }) => id)).toEqual(['app:3'])
    expect(effects(copy)).toEqual([1, 2, 3])
  })

  it('is behind its record, where that is kept elsewhere, and nothing runs', async () => {
    const state = memory()
    const copy = await withoutWal(state)
    await expect(run(copy, 3, state)).rejects.toMatchObject({ code: 'MIG_R0106', target: 'db' })
    expect(effects(copy)).toEqual([1, 2])
  })

  it('that had all of it is empty: no first run, where the state is kept elsewhere', async () => {
    const state = memory()
    const database = connect()
    await run(database, 2, state)
    expect(existsSync(join(home, 'app.db-wal'))).toBe(true)
    copyFileSync(join(home, 'app.db'), join(home, 'copy.db'))
    const copy = connect('copy.db')
    await expect(run(copy, 2, state)).rejects.toMatchObject({ code: 'MIG_R0104', target: 'db' })
    expect(copy.prepare('select * from sqlite_master').all()).toEqual([])
  })
})

describe('D13 a file that is replaced under an open connection', () => {
  it('is found by the next process that opens it, by its target', async () => {
    const state = memory()
    const database = connect()
    await run(database, 1, state)
    const other = connect('other.db')
    await run(other, 1)
    other.pragma('wal_checkpoint(truncate)')
    for (const suffix of ['', '-wal', '-shm'])
      if (existsSync(join(home, `app.db${suffix}`)))
        renameSync(join(home, `app.db${suffix}`), join(home, `old.db${suffix}`))
    copyFileSync(join(home, 'other.db'), join(home, 'app.db'))
    // Whoever has the old file open still works on that, as on any file of a UNIX system; the state is told of it.
    await run(database, 2, state)
    await expect(run(connect(), 2, state)).rejects.toMatchObject({ code: expect.stringMatching(/^MIG_R010[34]$/) })
  })
})

describe('D15 settings of SQLite that do not wait for the disk', () => {
  it.each([
    ['sync', 'wal', 'full'],
    ['sync', 'delete', 'full'],
    ['sync', 'truncate', 'normal'],
    ['lazy', 'wal', 'normal'],
    ['lazy', 'wal', 'off'],
    ['lazy', 'delete', 'off'],
    ['lazy', 'memory', 'full'],
  ])('show in the status: %s with journal_mode %s, synchronous %s', async (durability, mode, synchronous) => {
    const database = connect()
    database.pragma(`journal_mode = ${mode}`)
    database.pragma(`synchronous = ${synchronous}`)
    const options = { adapters: { db: betterSqlite3(database) }, state: 'db' as const }
    expect(await status(manifestOf([counting(1)]), options)).toMatchObject({ durability })
    expect((await run(database, 1)).outcome).toBe('migrated')
  })
})

describe('D14 a log that was altered by hand', () => {
  const altered = async (change: string): Promise<Database.Database> => {
    const database = connect()
    await run(database, 1)
    database.exec(change)
    return database
  }

  it('with more columns is the same', async () => {
    const database = await altered(`alter table unplugin_migrations add column note text default 'looked at'`)
    expect((await run(database, 1)).outcome).toBe('current')
    expect((await run(database, 2)).applied).toHaveLength(1)
  })

  it('without its keys stops the next run that has work, and no boot', async () => {
    const database = await altered(
      'create table kept as select * from unplugin_migrations; drop table unplugin_migrations; alter table kept rename to unplugin_migrations',
    )
    expect((await run(database, 1)).outcome).toBe('current')
    await expect(run(database, 2)).rejects.toMatchObject({
      code: 'MIG_R0201',
      message: expect.stringContaining('PRIMARY KEY') as unknown,
    })
    expect(effects(database)).toEqual([1])
  })
})
