import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Sql } from '../../src/runtime/handles.ts'
import type { Work } from '../../src/runtime/load.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { type Effect, effectsDatabase, effectsIn, effectsOf, leave } from './effects.ts'
import { storages } from './storages.ts'

/** Ends its own transaction, through the driver: the handle refuses that. */
const escape: Work = async (context) => {
  await leave(context, 'app:2', 'db')
  ;((context as unknown as { readonly db: Sql }).db.raw as Database.Database).exec('COMMIT')
  throw new Error('after its COMMIT')
}
const escaping: readonly Effect[] = [{ id: 'app:1' }, { id: 'app:2', up: escape }, { id: 'app:3', on: 'other' }]
const mended: readonly Effect[] = [{ id: 'app:1' }, { id: 'app:2' }, { id: 'app:3', on: 'other' }]
const why = { reason: 'looked at it', who: 'ada' }

async function inDoubt() {
  const all = storages()
  const error: unknown = await migrate(effectsOf(escaping), all.options).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'MIG_R0212', id: 'app:2', target: 'db' })
  const { attempt } = error as { readonly attempt: string }
  await expect(migrate(effectsOf(mended), all.options)).rejects.toMatchObject({ code: 'MIG_R0212', attempt })
  return { ...all, attempt }
}

describe('a migration that ended its own transaction', () => {
  it.each(['applied', 'not-applied'] as const)('goes on as %s, when that is said with its attempt', async (verdict) => {
    const { database, options, attempt, entries } = await inDoubt()
    const migrator = createMigrator(effectsOf(mended), options)
    const before = await entries()
    const dry = await migrator.resolve('app:2', verdict, { ...why, attempt, dryRun: true })
    expect(await entries()).toBe(before)
    expect(dry.actions).toEqual([{ do: 'mark', id: 'app:2', target: 'db', applied: verdict === 'applied' }])
    if (verdict === 'not-applied') database.exec(`delete from effects where id = 'app:2'`)
    expect(await migrator.resolve('app:2', verdict, { ...why, attempt })).toEqual({ ...dry, dryRun: false })
    const { applied } = await migrate(effectsOf(mended), options)
    expect(applied.map(({ id }) => id)).toEqual(verdict === 'applied' ? ['app:3'] : ['app:2', 'app:3'])
    expect(effectsIn(database)).toEqual(['app:1', 'app:2'])
    expect((await migrate(effectsOf(mended), options)).outcome).toBe('current')
    const [escaped, mark] = await migrator.history({ id: 'app:2' })
    expect(escaped).toMatchObject({ kind: 'up', done: false, attempt })
    expect(mark).toMatchObject({ kind: 'mark', attempt, data: { applied: verdict === 'applied', ...why } })
  })

  it('is resolved without the state as well, which is lost', async () => {
    const { options, attempt } = await inDoubt()
    const lost = { ...options, state: memory() }
    const migrator = createMigrator(effectsOf(mended), lost)
    await migrator.resolve('app:2', 'applied', { ...why, attempt })
    expect((await migrate(effectsOf(mended), lost)).applied.map(({ id }) => id)).toEqual(['app:3'])
  })

  it.each(['applied', 'not-applied'] as const)('is resolved as %s while it is still at work', async (verdict) => {
    const folder = mkdtempSync(join(tmpdir(), 'resolve-'))
    const open = () => {
      const database = effectsDatabase(join(folder, 'db'))
      return { database, options: { adapters: { db: betterSqlite3(database) }, state: 'db' } as const }
    }
    const [worker, looker] = [open(), open()]
    let isFirst = true
    const up: Work = async (context) => {
      if (!isFirst) return leave(context, 'app:1', 'db')
      isFirst = false
      await leave(context, 'app:1', 'db')
      worker.database.exec('COMMIT')
      const error: unknown = await migrate(manifest, looker.options).catch((thrown: unknown) => thrown)
      const { attempt } = error as { readonly attempt: string }
      await createMigrator(manifest, looker.options).resolve('app:1', verdict, { ...why, attempt })
      if (verdict === 'not-applied') looker.database.exec('delete from effects')
    }
    const manifest = effectsOf([{ id: 'app:1', up }])
    const { applied } = await migrate(manifest, worker.options)
    expect(applied).toHaveLength(verdict === 'applied' ? 0 : 1)
    expect(effectsIn(worker.database)).toEqual(['app:1'])
    for (const { database } of [worker, looker]) database.close()
    rmSync(folder, { recursive: true })
  })

  it('stays in doubt without its attempt, and is resolved once', async () => {
    const { options, attempt } = await inDoubt()
    const migrator = createMigrator(effectsOf(mended), options)
    const other = { ...why, attempt: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }
    await expect(migrator.resolve('app:2', 'applied', other)).rejects.toMatchObject({ code: 'MIG_R0125' })
    await expect(migrator.resolve('app:1', 'applied', { ...why, attempt })).rejects.toMatchObject({ code: 'MIG_R0125' })
    await migrator.resolve('app:2', 'applied', { ...why, attempt })
    const again = migrator.resolve('app:2', 'not-applied', { ...why, attempt })
    await expect(again).rejects.toMatchObject({ code: 'MIG_R0125' })
  })

  it('is repaired by its `probe`, where it has one', async () => {
    const { database, options } = await inDoubt()
    const nobody = createMigrator(effectsOf(mended), options).repair({ ...why, fromMarkers: true })
    await expect(nobody).rejects.toMatchObject({ code: 'MIG_R0212' })
    const probing = effectsOf([
      { id: 'app:1' },
      {
        id: 'app:2',
        has: ['up', 'probe'],
        load: async () => ({
          default: {
            up: (context: unknown) => leave(context, 'app:2', 'db'),
            probe: async ({ db }: { readonly db: Sql }) => {
              const rows = await db.rows`select 1 from effects where id = 'app:2'`
              await db.run`insert into effects values ('a trace of the probe')`
              return rows.length === 1
            },
          },
        }),
      },
    ])
    const migrator = createMigrator(probing, options)
    const dry = await migrator.repair({ ...why, fromMarkers: true, dryRun: true })
    expect(dry.actions).toEqual([{ do: 'mark', id: 'app:2', target: 'db', applied: true }])
    expect((await migrator.repair({ ...why, fromMarkers: true })).actions).toEqual(
      expect.arrayContaining([...dry.actions]),
    )
    expect((await migrate(probing, options)).applied).toEqual([])
    expect(effectsIn(database)).toEqual(['app:1', 'app:2'])
  })
})

describe('a post-check that ended its transaction', () => {
  it.each(['applied', 'not-applied'] as const)('is found out, and goes on as %s', async (verdict) => {
    const { database, options } = storages()
    let escapes = false
    const verify: Work = async (context) => {
      if (escapes) ((context as unknown as { readonly db: Sql }).db.raw as Database.Database).exec('COMMIT')
    }
    const up: Work = async (context) => leave(context, 'app:1', 'db')
    const checked: Effect = { id: 'app:1', has: ['up', 'verify'], load: async () => ({ default: { up, verify } }) }
    const manifest = effectsOf([checked])
    await migrate(manifest, options)
    escapes = true
    const migrator = createMigrator(manifest, options)
    const error: unknown = await migrator.verify().catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'MIG_R0212', id: 'app:1', target: 'db' })
    const { attempt } = error as { readonly attempt: string }
    escapes = false
    await expect(migrate(manifest, options)).rejects.toMatchObject({ code: 'MIG_R0212', attempt })
    if (verdict === 'not-applied') database.exec('delete from effects')
    const { actions } = await migrator.resolve('app:1', verdict, { ...why, attempt })
    expect(actions).toEqual([{ do: 'mark', id: 'app:1', target: 'db', applied: verdict === 'applied' }])
    const again = migrator.resolve('app:1', verdict, { ...why, attempt })
    await expect(again).rejects.toMatchObject({ code: 'MIG_R0125' })
    expect((await migrate(manifest, options)).applied).toHaveLength(verdict === 'applied' ? 0 : 1)
    expect(await migrator.verify()).toMatchObject([{ id: 'app:1', ok: true }])
  })
})

it('what waits to be settled is settled, whatever is said of it', async () => {
  const { data, options } = storages()
  const manifest = effectsOf([{ id: 'app:1', and: 'cache' }])
  const { cache } = options.adapters
  const lock = async (): Promise<boolean> => {
    throw new Error('the process dies here')
  }
  const dying = { ...cache, open: async () => ({ ...(await cache.open()), tryLock: lock }) }
  const adapters = { ...options.adapters, cache: dying }
  const error: unknown = await migrate(manifest, { ...options, adapters }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'MIG_R0204', id: 'app:1' })
  const { attempt } = error as { readonly attempt: string }
  const saying = createMigrator(manifest, options).resolve('app:1', 'not-applied', { ...why, attempt })
  await expect(saying).rejects.toMatchObject({ code: 'MIG_R0125', id: 'app:1' })
  expect(data.get('app:1')).toBe(true)
  expect((await migrate(manifest, options)).applied).toEqual([])
})

describe('repair', () => {
  it('appends the records that the state lacks, of a state that is lost all', async () => {
    const { options } = storages()
    await migrate(effectsOf(mended), options)
    const lost = { ...options, state: memory() }
    const migrator = createMigrator(effectsOf(mended), lost)
    const dry = await migrator.repair({ ...why, dryRun: true })
    expect(dry.actions.map(({ do: does }) => does)).toEqual(['establish', 'record', 'record', 'record'])
    expect((await migrator.repair(why)).actions).toEqual(dry.actions)
    expect((await migrator.repair(why)).actions).toEqual([])
    expect((await migrate(effectsOf(mended), lost)).applied).toEqual([])
  })

  it('accepts a changed hash where it is named, and nothing else', async () => {
    const { options, entries } = storages()
    await migrate(effectsOf(mended), options)
    const edited = effectsOf([{ id: 'app:1', hash: 'h0:edited' }, { id: 'app:2', hash: 'h0:too' }, ...mended.slice(2)])
    const migrator = createMigrator(edited, options)
    await expect(migrate(edited, options)).rejects.toMatchObject({ code: 'MIG_R0301', id: 'app:1' })
    const before = await entries()
    const dry = await migrator.repair({ ...why, accept: ['app:1'], dryRun: true })
    expect(await entries()).toBe(before)
    expect(dry.actions).toEqual([{ do: 'mark', id: 'app:1', target: 'db', applied: true }])
    expect((await migrator.repair({ ...why, accept: ['app:1'] })).actions).toEqual(dry.actions)
    await expect(migrate(edited, options)).rejects.toMatchObject({ code: 'MIG_R0301', id: 'app:2' })
    await migrator.repair({ ...why, accept: ['app:1', 'app:2', 'app:3'] })
    expect((await migrate(edited, options)).applied).toEqual([])
  })
})

describe('verify', () => {
  it('runs the post-checks of what is applied, and leaves no trace', async () => {
    const { database, data, options, entries } = storages()
    const checked = (id: string, verify: (context: unknown) => Promise<void>): Effect => ({
      id,
      and: 'cache',
      has: ['up', 'verify'],
      load: async () => ({ default: { up: (context: unknown) => leave(context, id, 'db', 'cache'), verify } }),
    })
    let isBroken = false
    const manifest = effectsOf([
      checked('app:1', (context) => leave(context, 'a trace', 'db', 'cache')),
      checked('app:2', async () => {
        if (isBroken) throw new Error('not so any more')
      }),
      { id: 'app:3' },
      checked('app:4', async () => {
        throw new Error('is not applied')
      }),
    ])
    const three = { ...manifest, migrations: manifest.migrations.slice(0, 3) }
    await migrate({ ...three, digest: 'three' }, options)
    database.exec(`delete from effects where id = 'a trace'`)
    isBroken = true
    const before = [await entries(), effectsIn(database), [...data.keys()]]
    const results = await createMigrator(manifest, options).verify()
    expect(results).toMatchObject([
      { id: 'app:1', target: 'db', ok: true },
      { id: 'app:2', target: 'db', ok: false, error: { message: 'not so any more' } },
    ])
    expect([await entries(), effectsIn(database), [...data.keys()]]).toEqual(before)
    const migrator = createMigrator(manifest, options)
    expect(await migrator.verify(['app:1'])).toHaveLength(1)
    expect(await migrator.verify(['app:4'])).toEqual([])
    expect((await migrator.verify(['2'])).map(({ id }) => id)).toEqual(['app:2'])
    await expect(migrator.verify(['app:1', 'app:typo'])).rejects.toMatchObject({ code: 'MIG_R0401' })
  })
})
