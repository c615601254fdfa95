import { describe, expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import type { Entry } from '../../src/runtime/entry.ts'
import type { Json } from '../../src/runtime/handles.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { remote } from '../runtime/remote.ts'
import { effectsDatabase, effectsIn, effectsOf } from './effects.ts'
import { storages } from './storages.ts'

const TWO = [
  { id: 'app:1', and: 'cache' },
  { id: 'app:2', on: 'other' },
] as const
const manifest = effectsOf(TWO)
const newer = effectsOf([...TWO, { id: 'app:3' }])

async function kindsIn({ log }: Adapter): Promise<readonly string[]> {
  const kinds: string[] = []
  for await (const { kind, id } of log.read(-1)) kinds.push(id === null ? kind : `${kind} ${id}`)
  return kinds
}

describe('moveState', () => {
  it.each([
    ['a store of its own', 'a target', memory(), 'db'],
    ['a target', 'a store of its own', 'db', memory()],
    ['a target', 'another target', 'db', 'other'],
    ['a target', 'one whose writes are deferred', 'other', 'cache'],
  ] as const)('from %s to %s: the old configuration stops, the new one goes on', async (_, __, from, to) => {
    const { database, options, entries } = storages()
    await migrate(manifest, { ...options, state: from })
    const migrator = createMigrator(manifest, { ...options, state: from })
    const before = await entries()
    const dry = await migrator.moveState(from, to, { dryRun: true })
    expect(await entries()).toBe(before)
    const moved = await migrator.moveState(from, to)
    expect(moved).toEqual({ ...dry, dryRun: false })
    expect(moved.actions.at(-1)?.do).toBe('unseal')
    await expect(migrate(newer, { ...options, state: from })).rejects.toMatchObject({ code: 'MIG_R0113' })
    expect(effectsIn(database)).toEqual(['app:1'])
    expect((await migrate(manifest, { ...options, state: to })).applied).toEqual([])
    expect((await migrate(newer, { ...options, state: to })).applied.map(({ id }) => id)).toEqual(['app:3'])
    expect((await migrate(newer, { ...options, state: to })).outcome).toBe('current')
    expect((await createMigrator(newer, { ...options, state: to }).moveState(from, to)).actions).toEqual([])
  })

  it('carries what was applied, taken back and marked, of targets that are not bound any more too', async () => {
    const { options } = storages()
    const old = memory()
    await migrate(newer, { ...options, state: old })
    const migrator = createMigrator(newer, { ...options, state: old })
    await migrator.down('app:2')
    await migrator.skip(['app:3'], { reason: 'not here' })
    const one = effectsOf([{ id: 'app:1', and: 'cache' }])
    const next = memory()
    await createMigrator(one, { ...options, state: old, unknown: 'allow' }).moveState(old, next)
    const records: Entry[] = []
    for await (const entry of next.log.read(-1)) if (entry.generation > 0) records.push(entry)
    expect(records.map(({ kind, id, generation }) => `${kind} ${id} ${generation}`)).toEqual([
      'up app:1 1',
      'up app:2 1',
      'up app:3 1',
      'down app:3 2',
      'mark app:3 3',
    ])
    expect((await migrate(newer, { ...options, state: next })).applied).toEqual([])
  })

  it('carries the whole log of a storage that keeps none itself, there and back', async () => {
    const { options } = storages()
    const [data, old, next] = [new Map<string, Json>(), memory(), memory()]
    const on = (state: Adapter): Options => ({ adapters: { ...options.adapters, data: remote(data) }, state })
    const traits = { idempotent: true } as const
    const set = (key: string) => ({ name: key, up: async (): Promise<undefined> => void data.set(key, 1) })
    const steps = migration({ id: 'app:1', uses: { data: 'kv' }, traits, steps: [set('a'), set('b')] })
    const up = async (): Promise<void> => void data.set('c', 1)
    const whole = migration({ id: 'app:2', uses: { data: 'kv' }, traits, up, down: async () => void data.delete('c') })
    const before = migration({ id: 'app:0', uses: { db: 'sql' }, up: async () => {}, down: async () => {} })
    const all = manifestOf([before, steps, whole])
    await migrate(all, on(old))
    // An intent for it is in the log of all others.
    await createMigrator(all, on(old)).only(['app:2'], { direction: 'down' })
    await migrate(all, on(old))
    const applied = (await createMigrator(all, on(old)).status()).migrations
    await createMigrator(all, on(old)).moveState(old, next)
    expect(await migrate(all, on(next))).toMatchObject({ applied: [] })
    expect((await createMigrator(all, on(next)).status()).migrations).toEqual(applied)
    await createMigrator(all, on(next)).only(['app:2'], { direction: 'down' })
    await createMigrator(all, on(next)).moveState(next, old)
    expect((await migrate(all, on(old))).applied.map(({ id }) => id)).toEqual(['app:2'])
  })

  it('and back again opens the old store', async () => {
    const { options } = storages()
    const [one, two] = [memory(), memory()]
    await migrate(manifest, { ...options, state: one })
    const migrator = createMigrator(newer, { ...options, state: one })
    await migrator.moveState(one, two)
    await migrate(newer, { ...options, state: two })
    await migrator.moveState(two, one)
    await expect(migrate(newer, { ...options, state: two })).rejects.toMatchObject({ code: 'MIG_R0113' })
    expect((await migrate(newer, { ...options, state: one })).applied).toEqual([])
    expect(await kindsIn(one)).toEqual(['genesis', 'up app:1', 'up app:2', 'sealed', 'up app:3', 'sealed', 'checked'])
  })

  it('is refused from an empty store, into the same, and out of one that was moved elsewhere', async () => {
    const { options } = storages()
    const [one, two, three] = [memory(), memory(), memory()]
    const migrator = createMigrator(manifest, { ...options, state: one })
    await expect(migrator.moveState(one, two)).rejects.toMatchObject({ code: 'MIG_R0122' })
    await migrate(manifest, { ...options, state: one })
    await expect(migrator.moveState(one, one)).rejects.toMatchObject({ code: 'MIG_R0122' })
    await migrator.moveState(one, two)
    await expect(migrator.moveState(one, three)).rejects.toMatchObject({ code: 'MIG_R0113' })
    expect(await kindsIn(three)).toEqual([])
  })

  it('leaves the new store closed until it is whole, whichever of its writes fails, and goes on when it is repeated', async () => {
    for (let failing = 1; failing <= 5; failing++) {
      const { options, database } = storages()
      const one = memory()
      const two = memory()
      await migrate(manifest, { ...options, state: one })
      let writes = 0
      const dying = (store: Adapter<'kv'>): Adapter<'kv'> => ({
        ...store,
        log: {
          ...store.log,
          append: async (entries) => {
            if (++writes === failing) throw new Error('killed')
            return store.log.append(entries)
          },
        },
      })
      const move = createMigrator(manifest, { ...options, state: one }).moveState(dying(one), dying(two))
      const isWhole = await move.then(
        () => true,
        () => false,
      )
      const runs = await Promise.allSettled([
        migrate(newer, { ...options, state: one }),
        migrate(newer, { ...options, state: two }),
      ])
      expect(runs.filter(({ status }) => status === 'fulfilled').length, `write ${failing}`).toBeLessThanOrEqual(
        // A store that nothing was written to yet is as any new one.
        failing === 1 ? 2 : 1,
      )
      if (failing === 1) continue
      if (!isWhole) await createMigrator(newer, { ...options, state: one }).moveState(one, two)
      await expect(migrate(newer, { ...options, state: one })).rejects.toMatchObject({ code: 'MIG_R0113' })
      await migrate(newer, { ...options, state: two })
      expect(effectsIn(database)).toEqual(['app:1', 'app:3'])
    }
  })
})

describe('rebuildState', () => {
  it('writes from the logs of the targets what a lost store told', async () => {
    const { options } = storages()
    await migrate(newer, { ...options, state: memory() })
    const lost = memory()
    const migrator = createMigrator(newer, { ...options, state: lost })
    const dry = await migrator.rebuildState({ dryRun: true })
    expect(await kindsIn(lost)).toEqual([])
    expect(await migrator.rebuildState()).toEqual({ ...dry, dryRun: false })
    expect(dry.actions.map(({ do: does }) => does)).toEqual(['establish', 'record', 'record', 'record'])
    expect(await kindsIn(lost)).toEqual(['genesis', 'up app:1', 'up app:3', 'up app:2'])
    expect((await migrate(newer, { ...options, state: lost })).applied).toEqual([])
    expect((await migrator.rebuildState()).actions).toEqual([])
  })

  it('stops where a target without transactions lost its log too', async () => {
    const { options } = storages()
    await migrate(newer, { ...options, state: memory() })
    const statements = {
      ...betterSqlite3(effectsDatabase()),
      capabilities: { atomic: 'statement' },
    } as const satisfies Adapter<'sql'>
    const given = { ...options, adapters: { ...options.adapters, other: statements }, state: memory() }
    await expect(createMigrator(newer, given).rebuildState()).rejects.toMatchObject({ code: 'MIG_R0124' })
    expect(await kindsIn(given.state)).toEqual([])
  })

  it('has nothing to go by where nothing was ever applied, and writes nothing', async () => {
    const { options, entries } = storages()
    expect((await createMigrator(newer, options).rebuildState()).actions).toEqual([])
    expect(await entries()).toBe(0)
  })
})
