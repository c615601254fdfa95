import Database from 'better-sqlite3'
import { Pool } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { createMigrator } from '../../src/admin/migrator.ts'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { pg } from '../../src/adapters/pg.ts'
import type { Adapter, Transaction } from '../../src/runtime/adapter.ts'
import { check } from '../../src/runtime/check.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent, Options, Result } from '../../src/runtime/options.ts'
import { plan } from '../../src/runtime/plan.ts'
import { usePostgres } from '../servers/postgres.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

const server = usePostgres()
const ends: (() => unknown)[] = []

afterAll(async () => {
  for (const end of ends) await end()
})

interface Storage {
  readonly db: Adapter
  /** Names of all tables. */
  tables(): Promise<readonly unknown[]>
}

const STORAGES: Readonly<Record<string, () => Promise<Storage>>> = {
  async SQLite() {
    const database = new Database(':memory:')
    const names = `select name from sqlite_master where type = 'table' order by name`
    return { db: betterSqlite3(database), tables: async () => database.prepare(names).pluck().all() }
  },
  async PostgreSQL() {
    const pool = new Pool({ connectionString: await server.createDatabase() })
    ends.push(() => pool.end())
    const names = `select tablename from pg_tables where schemaname = 'public' order by 1`
    return { db: pg(pool), tables: async () => (await pool.query(names)).rows.map((row) => Object(row).tablename) }
  },
}

/** Makes a table where it is not. */
function table(name: string, members: Partial<TestMigration> = {}): TestMigration {
  const made = migration({
    id: `app:${name}`,
    uses: { db: 'sql' },
    probe: async ({ db }) => {
      const { length } =
        db.dialect === 'sqlite'
          ? await db.rows`select 1 from sqlite_master where name = ${name}`
          : await db.rows`select 1 from pg_tables where tablename = ${name}`
      return length > 0
    },
    up: ({ db }) => db.script(`create table ${name} (n integer)`),
  })
  return { ...made, ...members }
}

function run(db: Adapter, migrations: readonly TestMigration[], more: Partial<Options> = {}): Promise<Result> {
  return migrate(manifestOf(migrations), { adapters: { db }, state: 'none', ...more })
}

describe.each(Object.keys(STORAGES))('without a state on %s', (name) => {
  const make = (): Promise<Storage> => STORAGES[name]?.() ?? Promise.reject(new Error(name))

  it('runs what its probe misses, and leaves no trace of its own', async () => {
    const { db, tables } = await make()
    const events: MigrationEvent[] = []
    const onEvent = (event: MigrationEvent): void => void events.push(event)
    const first = await run(db, [table('one'), table('two')], { onEvent })
    expect(first).toMatchObject({ outcome: 'migrated', applied: [{ id: 'app:one' }, { id: 'app:two' }], pending: [] })
    expect(await tables()).toEqual(['one', 'two'])
    events.length = 0
    const later = await run(db, [table('one'), table('two'), table('three')], { onEvent })
    expect(later.applied).toMatchObject([{ id: 'app:three' }])
    expect(events.filter(({ type }) => type === 'skipped')).toMatchObject([{ id: 'app:one' }, { id: 'app:two' }])
    expect(await run(db, [table('one'), table('two'), table('three')])).toMatchObject({
      outcome: 'current',
      applied: [],
    })
    expect(await tables()).toEqual(['one', 'three', 'two'])
  })

  it('takes all of a migration back that fails, its `verify` included, and runs it again the next time', async () => {
    const { db, tables } = await make()
    const verify = async (): Promise<never> => {
      throw new Error('no')
    }
    const failed = run(db, [table('one'), table('two', { verify }), table('three')])
    await expect(failed).rejects.toMatchObject({
      code: 'MIG_R0201',
      id: 'app:two',
      applied: ['app:one'],
      notApplied: ['app:two', 'app:three'],
    })
    expect(await tables()).toEqual(['one'])
    expect((await run(db, [table('one'), table('two'), table('three')])).applied).toHaveLength(2)
  })

  it('keeps nothing that a probe wrote which says that all is done', async () => {
    const { db, tables } = await make()
    const probe = async ({ db: sql }: { readonly db: Sql }): Promise<true> => {
      await sql.script('create table written (n integer)')
      return true
    }
    await run(db, [migration({ id: 'app:one', uses: { db: 'sql' }, probe, up: async () => {} })])
    expect(await tables()).toEqual([])
  })

  it('runs once in each run what says `always`, and skips what its `when` refuses', async () => {
    const { db } = await make()
    const runs: string[] = []
    const always = migration({
      id: 'app:always',
      uses: { db: 'sql' },
      traits: { repeatable: 'always' },
      up: async () => void runs.push('always'),
    })
    const when = async (): Promise<boolean> => false
    const one = table('one', { when })
    for (let count = 0; count < 2; count++) {
      const { applied, findings } = await run(db, [one, always])
      expect(applied).toMatchObject([{ id: 'app:always' }])
      expect(findings).toMatchObject([{ code: 'MIG_R0308', id: 'app:one' }])
    }
    expect(runs).toHaveLength(2)
  })

  it('makes sure of a commit that got no answer by asking the probe', async () => {
    const { db, tables } = await make()
    const asked: boolean[] = []
    const { probe, ...others } = table('one')
    const watched: TestMigration['probe'] = async (context) => {
      const answer = (await probe?.(context)) ?? false
      asked.push(answer)
      return answer
    }
    const { applied } = await run(withLostAnswer(db), [migration({ ...others, probe: watched })])
    expect(asked).toEqual([false, true])
    expect(applied).toEqual([])
    expect(await tables()).toEqual(['one'])
  })

  it('is checked by its probes, and nothing is written', async () => {
    const { db, tables } = await make()
    const ran: string[] = []
    const always = migration({
      id: 'app:always',
      uses: { db: 'sql' },
      traits: { repeatable: 'always' },
      up: async () => void ran.push('always'),
    })
    const never = table('never', { when: async () => false })
    // Its probe looks into a table that is not there before.
    const two = migration({
      id: 'app:two',
      uses: { db: 'sql' },
      probe: async ({ db: sql }) => (await sql.rows`select n from one where n = 2`).length > 0,
      up: ({ db: sql }) => sql.run`insert into one values (2)`,
    })
    const manifest = manifestOf([table('one'), two, never, always])
    const options = { adapters: { db }, state: 'none' } as const
    expect(await check(manifest, { ...options, onPending: 'serve' })).toMatchObject({
      outcome: 'pending',
      pending: ['app:one', 'app:two'],
    })
    await expect(check(manifest, { ...options, onPending: 'fail' })).rejects.toMatchObject({ code: 'MIG_R0112' })
    await expect(check(manifest, { ...options, wait: 30 })).rejects.toMatchObject({ code: 'MIG_R0205' })
    expect([await tables(), ran]).toEqual([[], []])
    const checking = check(manifest, { ...options, wait: 20_000 })
    await run(db, [table('one'), two, never])
    expect(await checking).toMatchObject({ outcome: 'current' })
    expect(await check(manifest, { ...options, onPending: 'fail' })).toMatchObject({ outcome: 'current' })
    expect([await tables(), ran]).toEqual([['one'], []])
  })

  it('is not checked where a probe fails and nothing before it is missing', async () => {
    const { db } = await make()
    const broken = table('broken', { probe: async () => Promise.reject(new Error('no probe')) })
    const checking = check(manifestOf([broken]), { adapters: { db }, state: 'none', onPending: 'serve' })
    await expect(checking).rejects.toMatchObject({ code: 'MIG_R0201', id: 'app:broken', target: 'db' })
  })

  it('has nothing to plan from but the manifest, and no other command', async () => {
    const { db, tables } = await make()
    const manifest = manifestOf([table('one')])
    const options = { adapters: { db }, state: 'none' } as const
    expect((await plan(manifest, options)).migrations).toMatchObject([{ id: 'app:one', when: 'now' }])
    const migrator = createMigrator(manifest, options)
    const statement = { reason: 'it is there' }
    for (const command of [
      () => migrator.history(),
      () => migrator.down('-1'),
      () => migrator.up(),
      () => migrator.baseline('heads', statement),
      () => migrator.rebuildState(),
    ])
      await expect(command()).rejects.toMatchObject({ code: 'MIG_R0117' })
    expect(await tables()).toEqual([])
  })
})

/** The first commit takes effect, and its answer is lost. */
function withLostAnswer(adapter: Adapter): Adapter {
  let lost = false
  const open: Adapter['open'] = async () => {
    const session = await adapter.open()
    const begin = async (entry: null): Promise<Transaction | 'taken'> => {
      const unit = await session.begin?.(entry)
      if (!unit || unit === 'taken') throw new TypeError('not begun')
      const commit: Transaction['commit'] = async (final) => {
        await unit.commit(final)
        if (lost) return
        lost = true
        throw new Error('connection lost')
      }
      return { ...unit, commit }
    }
    return Object.assign(Object.create(session), { begin })
  }
  return { ...adapter, open }
}

describe('refused before anything runs', () => {
  it('what needs a state, all of it named', async () => {
    const db = betterSqlite3(new Database(':memory:'))
    const ran: string[] = []
    const plain = migration({ id: 'app:plain', uses: { db: 'sql' }, up: async () => void ran.push('plain') })
    const onChange = table('on_change', { traits: { repeatable: 'onChange' } })
    const { probe: _, ...changing } = onChange
    const alone = table('alone', { traits: { transaction: false } })
    const steps = migration({ id: 'app:steps', uses: { db: 'sql' }, steps: [{ name: 'a', up: async () => {} }] })
    const deferred = migration({ id: 'app:kv', uses: { kv: 'kv' }, probe: async () => false, up: async () => {} })
    const both = migration({
      id: 'app:both',
      uses: { db: 'sql', kv: 'kv' },
      probe: async () => false,
      up: async () => {},
    })
    const fine = table('fine', { up: async () => void ran.push('fine') })
    const manifest = manifestOf([fine, plain, changing, alone, steps, deferred, both])
    const error = await migrate(manifest, { adapters: { db, kv: memory() }, state: 'none' }).catch((failure) => failure)
    expect(error).toMatchObject({ code: 'MIG_R0116' })
    const named = ['plain', 'on_change', 'alone', 'steps', 'kv', 'both'].map((name) => `app:${name}: `)
    for (const name of named) expect(error.message).toContain(name)
    expect(error.message).not.toContain('app:fine')
    expect(ran).toEqual([])
  })

  it('a manifest without the code for it', async () => {
    const db = betterSqlite3(new Database(':memory:'))
    const { traits: _, ...manifest } = manifestOf([table('one')])
    await expect(migrate(manifest, { adapters: { db }, state: 'none' })).rejects.toMatchObject({ code: 'MIG_R0102' })
  })
})

it('an adapter may be called none, and keeps the state then', async () => {
  const database = new Database(':memory:')
  await migrate(
    manifestOf([table('one', { uses: { none: 'sql' }, probe: undefined, has: ['up'], up: async () => {} })]),
    {
      adapters: { none: betterSqlite3(database) },
      state: 'none',
    },
  )
  expect(database.prepare('select count(*) from unplugin_migrations').pluck().get()).toBeGreaterThan(1)
})
