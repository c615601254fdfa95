import { describe, expect, it } from 'vitest'
import { type Report, createMigrator } from '../../src/admin.ts'
import { hooks } from '../../src/runtime/hooks.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'
import { type Effect, clear, effectsIn, effectsOf, leave } from './effects.ts'
import { storages } from './storages.ts'
import { stealLeaseOf } from '../faults/steal-leases.ts'

const THREE: readonly Effect[] = [{ id: 'app:1' }, { id: 'app:2', and: 'cache' }, { id: 'app:3' }]

describe('down', () => {
  it('takes back what follows its target, the latest first, participants too, and the next migrate applies it again', async () => {
    const { database, data, options, appliedIn } = storages()
    const manifest = effectsOf(THREE)
    await migrate(manifest, options)
    const { actions } = await createMigrator(manifest, options).down('app:1')
    expect(actions).toEqual([
      { do: 'down', id: 'app:3', target: 'db', because: null },
      { do: 'down', id: 'app:2', target: 'db', because: null },
    ])
    expect(effectsIn(database)).toEqual(['app:1'])
    expect(data.size).toBe(0)
    expect(await appliedIn(manifest)).toEqual(['app:1'])
    expect((await migrate(manifest, options)).applied.map(({ id }) => id)).toEqual(['app:2', 'app:3'])
    expect(effectsIn(database)).toEqual(['app:1', 'app:2', 'app:3'])
    expect(data.get('app:2')).toBe(true)
    expect((await migrate(manifest, options)).outcome).toBe('current')
  })

  it.each(['db', 'cache', 'own'] as const)(
    'with the state in %s, opens the fast path no build had closed',
    async (where) => {
      const { database, options } = storages()
      const given = { ...options, state: where === 'own' ? options.state : where }
      const manifest = effectsOf(THREE)
      await migrate(manifest, given)
      expect((await migrate(manifest, given)).outcome).toBe('current')
      await createMigrator(manifest, given).down('base')
      expect(effectsIn(database)).toEqual([])
      expect((await migrate(manifest, given)).applied).toHaveLength(3)
    },
  )

  it('does exactly what its dry run said, which wrote nothing', async () => {
    const { database, options, entries } = storages()
    const manifest = effectsOf(THREE)
    const migrator = createMigrator(manifest, options)
    await migrate(manifest, options)
    const before = await entries()
    const dry = await migrator.down('-2', { dryRun: true })
    expect(dry.dryRun).toBe(true)
    expect(dry.actions).toHaveLength(2)
    expect(await entries()).toBe(before)
    expect(effectsIn(database)).toHaveLength(3)
    expect((await migrator.down('-2')).actions).toEqual(dry.actions)
  })

  it('says what of it is destructive going up, and nothing of that going down', async () => {
    const { options } = storages()
    const manifest = effectsOf([{ id: 'app:1' }, { id: 'app:2', traits: { destructive: true } }])
    const migrator = createMigrator(manifest, options)
    const up = [
      { do: 'up', id: 'app:1', target: 'db', because: null },
      { do: 'up', id: 'app:2', target: 'db', because: null, destructive: true },
    ]
    expect((await migrator.up('heads', { dryRun: true })).actions).toEqual(up)
    expect((await migrator.up()).actions).toEqual(up)
    expect((await migrator.down('-1', { dryRun: true })).actions).toEqual([
      { do: 'down', id: 'app:2', target: 'db', because: null },
    ])
  })

  it('passes over what repeats, which runs again when it has changed', async () => {
    const { options, appliedIn } = storages()
    const traits = { repeatable: 'onChange' } as const
    const views: Effect = { id: 'app:views', traits, has: ['up'], up: async () => {} }
    const manifest = effectsOf([{ id: 'app:1' }, { id: 'app:2' }, views])
    const migrator = createMigrator(manifest, options)
    await migrator.up()
    const done = async (work: Promise<Report>): Promise<readonly string[]> =>
      (await work).actions.map((action) => ('id' in action ? `${action.do} ${action.id}` : action.do))
    expect(await done(migrator.down('-1'))).toEqual(['down app:2'])
    expect(await done(migrator.redo())).toEqual(['down app:1', 'up app:1'])
    expect(await done(migrator.up('+1'))).toEqual(['up app:2'])
    expect(await done(migrator.down('base'))).toEqual(['down app:2', 'down app:1'])
    expect(await appliedIn(manifest)).toEqual(['app:views'])
    const changed = effectsOf([{ id: 'app:1' }, { id: 'app:2' }, { ...views, hash: 'h0:2' }])
    expect(await done(createMigrator(changed, options).up())).toEqual(['up app:1', 'up app:2', 'up app:views'])
  })

  it('is refused before anything runs where some of it cannot be taken back, all of these named', async () => {
    const { database, options, entries } = storages()
    const manifest = effectsOf([
      { id: 'app:1', down: false },
      { id: 'app:2', has: ['up'] },
      { id: 'app:3', load: async () => ({ default: { up: (context: unknown) => leave(context, 'app:3', 'db') } }) },
      { id: 'app:4' },
    ])
    await migrate(manifest, options)
    const before = await entries()
    const down = createMigrator(manifest, options).down('base')
    await expect(down).rejects.toMatchObject({ code: 'MIG_R0120' })
    await expect(down).rejects.toThrow(/app:3 has no `down`.*app:2 has no `down`.*app:1 says `down: false`/s)
    expect(await entries()).toBe(before)
    expect(effectsIn(database)).toHaveLength(4)
  })

  it('changes nothing where the down fails, and goes on from there after it is mended', async () => {
    const { database, data, options, appliedIn } = storages()
    const broken = effectsOf([
      { id: 'app:1' },
      {
        id: 'app:2',
        and: 'cache',
        down: async (context) => {
          await clear(context, 'app:2', 'db', 'cache')
          throw new Error('boom')
        },
      },
      { id: 'app:3' },
    ])
    await migrate(broken, options)
    const error: unknown = await createMigrator(broken, options)
      .down('base')
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'MIG_R0201',
      id: 'app:2',
      applied: ['app:3'],
      notApplied: ['app:2', 'app:1'],
      cause: { message: 'boom' },
    })
    expect(effectsIn(database)).toEqual(['app:1', 'app:2'])
    expect(data.get('app:2')).toBe(true)
    expect(await appliedIn(broken)).toEqual(['app:1', 'app:2'])
    await createMigrator(effectsOf(THREE), options).down('base')
    expect(effectsIn(database)).toEqual([])
    expect(data.size).toBe(0)
  })

  it('takes back under the id that the log has, where that was another', async () => {
    const { database, options, appliedIn } = storages()
    await migrate(effectsOf([{ id: 'old:1', hash: 'h0:same' }]), options)
    const renamed = effectsOf([
      { id: 'app:1', hash: 'h0:same', formerly: ['old:1'], down: (context) => clear(context, 'old:1', 'db') },
    ])
    expect(await appliedIn(renamed)).toEqual(['app:1'])
    const { actions } = await createMigrator(renamed, options).down('base')
    expect(actions).toEqual([{ do: 'down', id: 'app:1', target: 'db', because: null }])
    expect(effectsIn(database)).toEqual([])
    expect(await appliedIn(renamed)).toEqual([])
    const lines = await createMigrator(renamed, options).history()
    expect(lines.map(({ log, kind, id }) => `${log} ${kind} ${id}`)).toContain('db down old:1')
  })

  it('refuses to take anything back under code that this build does not have', async () => {
    const { database, options } = storages()
    await migrate(effectsOf(THREE), options)
    const older = createMigrator(effectsOf(THREE.slice(0, 2)), options)
    await expect(older.down('-1')).rejects.toMatchObject({ code: 'MIG_R0302', id: 'app:3' })
    expect(effectsIn(database)).toHaveLength(3)
  })
})

describe('redo beside another process', () => {
  it('ends what it has begun, and does not take back a second time what others have applied since', async () => {
    const { database, options } = storages()
    const manifest = effectsOf(THREE)
    await createMigrator(manifest, options).up('app:1')
    let isFirst = true
    const beforeEach = async (event: MigrationEvent): Promise<void> => {
      if (event.type !== 'started' || event.kind !== 'up' || !isFirst) return
      isFirst = false
      // Else it would wait for this one.
      await stealLeaseOf(options.state)
      await migrate(manifest, options)
    }
    await createMigrator(manifest, { ...options, hooks: hooks({ beforeEach }) }).redo('app:1')
    expect(isFirst).toBe(false)
    expect(effectsIn(database)).toEqual(['app:1', 'app:2', 'app:3'])
    const { length } = (await createMigrator(manifest, options).history()).filter(({ kind }) => kind === 'down')
    expect(length).toBe(1)
  })
})

describe('a squash', () => {
  it('that counts as applied is taken back as a whole', async () => {
    const { database, options, appliedIn } = storages()
    await migrate(effectsOf([{ id: 'app:1' }, { id: 'app:2' }]), options)
    const squashed = effectsOf([
      {
        id: 'app:3',
        replaces: ['app:1', 'app:2'],
        down: async (context) => {
          await clear(context, 'app:1', 'db')
          await clear(context, 'app:2', 'db')
        },
      },
    ])
    const migrator = createMigrator(squashed, options)
    expect(await migrate(squashed, options)).toMatchObject({ outcome: 'current' })
    const dry = await migrator.down('base', { dryRun: true })
    expect(dry.actions.map(({ do: does }) => does)).toEqual(['mark', 'mark', 'mark', 'down'])
    expect((await migrator.down('base')).actions).toEqual(dry.actions)
    expect(effectsIn(database)).toEqual([])
    expect(await appliedIn(squashed)).toEqual([])
    await migrate(squashed, options)
    expect(effectsIn(database)).toEqual(['app:3'])
  })
})

describe('redo, to, only', () => {
  it('take back and apply as planned, and their dry runs say the same', async () => {
    const { database, options } = storages()
    const manifest = effectsOf(THREE)
    const migrator = createMigrator(manifest, options)
    await migrator.up()
    for (const [act, kinds, left] of [
      [(dryRun: boolean) => migrator.redo('app:2', { dryRun }), 'down app:3, down app:2, up app:2, up app:3', 3],
      [(dryRun: boolean) => migrator.redo(undefined, { dryRun }), 'down app:3, up app:3', 3],
      [(dryRun: boolean) => migrator.to('app:1', { dryRun }), 'down app:3, down app:2', 1],
      [(dryRun: boolean) => migrator.to('app:2', { dryRun }), 'up app:2', 2],
      [(dryRun: boolean) => migrator.up('+1', { dryRun }), 'up app:3', 3],
      [(dryRun: boolean) => migrator.only(['app:3'], { dryRun, direction: 'down' }), 'down app:3', 2],
      [(dryRun: boolean) => migrator.only(['app:3'], { dryRun }), 'up app:3', 3],
      [(dryRun: boolean) => migrator.down('-1', { dryRun }), 'down app:3', 2],
      [(dryRun: boolean) => migrator.up('heads', { dryRun, skip: ['app:3'] }), '', 2],
    ] as const) {
      const before = effectsIn(database)
      const dry = await act(true)
      expect(effectsIn(database)).toEqual(before)
      expect(dry.actions.map((action) => ('id' in action ? `${action.do} ${action.id}` : action.do)).join(', ')).toBe(
        kinds,
      )
      expect((await act(false)).actions).toEqual(dry.actions)
      expect(effectsIn(database)).toHaveLength(left)
    }
  })

  it('keep closed sets', async () => {
    const { options } = storages()
    const migrator = createMigrator(effectsOf(THREE), options)
    await migrator.up()
    await expect(migrator.only(['app:1'], { direction: 'down' })).rejects.toMatchObject({ code: 'MIG_R0406' })
    await expect(migrator.down('app:1', { skip: ['app:3'] })).rejects.toMatchObject({ code: 'MIG_R0406' })
    await migrator.down('base')
    await expect(migrator.only(['app:2'])).rejects.toMatchObject({ code: 'MIG_R0406' })
  })
})
