import { describe, expect, it } from 'vitest'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { MigrationEvent } from '../../src/runtime/options.ts'
import { type Effect, clear, effectsIn, effectsOf, leave } from './effects.ts'
import { storages } from './storages.ts'

/** Parts `a` on db, `b` on other, `c` on db, of which one may fail. */
function inSteps(failing?: 'up' | 'down', more: Partial<Effect> = {}): Effect {
  const steps = (['a', 'b', 'c'] as const).map((name) => {
    const role = name === 'b' ? 'other' : 'db'
    const act = (direction: 'up' | 'down', work: typeof leave) => async (context: unknown) => {
      if (direction === failing && name === 'b') throw new Error('boom')
      await work(context, name, role)
    }
    return { name, uses: [role], up: act('up', leave), down: act('down', clear) }
  })
  return {
    id: 'app:2',
    has: ['steps', 'down'],
    load: async () => ({ default: { steps } }),
    traits: { steps: steps.map(({ name, uses }) => ({ name, uses })) },
    ...more,
  }
}

function manifestWith(two: Effect, after: readonly Effect[] = []): Manifest {
  const manifest = effectsOf([{ id: 'app:1' }, two, ...after])
  const uses = { db: 'sql', other: 'sql' }
  return {
    ...manifest,
    migrations: manifest.migrations.map((one) => (one.id === 'app:2' ? { ...one, uses } : one)),
  }
}

const whole = manifestWith(inSteps())

describe('a migration in steps', () => {
  it('is taken back step by step from the last, and applied again', async () => {
    const { database, other, options } = storages()
    await migrate(whole, options)
    const steps: string[] = []
    const onEvent = (event: MigrationEvent): void => {
      if (event.type === 'applied') steps.push(`${event.kind} ${event.target}`)
    }
    const { actions } = await createMigrator(whole, { ...options, onEvent }).down('app:1')
    expect(actions).toEqual([{ do: 'down', id: 'app:2', target: 'db', because: null }])
    expect(steps).toEqual(['step db', 'step other', 'step db', 'down db'])
    expect([effectsIn(database), effectsIn(other)]).toEqual([['app:1'], []])
    await migrate(whole, options)
    expect([effectsIn(database), effectsIn(other)]).toEqual([['a', 'app:1', 'c'], ['b']])
    expect((await migrate(whole, options)).outcome).toBe('current')
  })

  it('is not applied in part when it is taken back, whatever log its steps are in', async () => {
    const { database, options } = storages()
    await migrate(whole, options)
    await createMigrator(whole, options).down('app:1')
    const { actions } = await createMigrator(whole, options).down('base')
    expect(actions).toMatchObject([{ do: 'down', id: 'app:1' }])
    expect(effectsIn(database)).toEqual([])
  })

  it.each(['own', 'db', 'other'] as const)(
    'whose way back stopped half is neither applied nor gone: the next run goes back to the end first (state in %s)',
    async (where) => {
      const { database, other, options } = storages()
      const given = { ...options, state: where === 'own' ? options.state : where }
      await migrate(whole, given)
      const broken = createMigrator(manifestWith(inSteps('down')), given)
      await expect(broken.down('app:1')).rejects.toMatchObject({ code: 'MIG_R0201', id: 'app:2' })
      expect([effectsIn(database), effectsIn(other)]).toEqual([['a', 'app:1'], ['b']])
      const { migrations } = await createMigrator(whole, given).status()
      expect(migrations.map(({ state }) => state)).toEqual(['applied', 'pending'])
      const { applied } = await migrate(whole, given)
      expect(applied.map(({ id }) => id)).toEqual(['app:2'])
      expect([effectsIn(database), effectsIn(other)]).toEqual([['a', 'app:1', 'c'], ['b']])
    },
  )

  it('whose way back stopped half is gone after any other command', async () => {
    const { database, other, options } = storages()
    await migrate(whole, options)
    await expect(createMigrator(manifestWith(inSteps('down')), options).down('app:1')).rejects.toThrow('boom')
    const migrator = createMigrator(whole, options)
    const dry = await migrator.down('base', { dryRun: true })
    expect(dry.actions.map((action) => ('id' in action ? action.id : ''))).toEqual(['app:2', 'app:1'])
    expect((await migrator.down('base')).actions).toEqual(dry.actions)
    expect([effectsIn(database), effectsIn(other)]).toEqual([[], []])
  })

  it.each([undefined, 'app:renamed'])(
    'whose way back fails for ever is marked, and runs nothing (%s)',
    async (renamed) => {
      const { database, other, options } = storages()
      await migrate(whole, options)
      const broken = manifestWith(inSteps('down'))
      await expect(createMigrator(broken, options).down('app:1')).rejects.toThrow('boom')
      const next = renamed === undefined ? broken : effectsOf([{ id: 'app:1' }, { id: renamed, formerly: ['app:2'] }])
      const id = renamed ?? 'app:2'
      const migrator = createMigrator(next, options)
      await expect(migrate(next, options)).rejects.toMatchObject({ code: 'MIG_R0201' })
      for (const [verb, applied] of [
        ['skip', true],
        ['baseline', false],
      ] as const) {
        const mark = (dryRun: boolean) =>
          verb === 'skip'
            ? migrator.skip([id], { reason: 'looked', dryRun })
            : migrator.baseline('app:1', { reason: 'looked', dryRun })
        const dry = await mark(true)
        expect(dry.actions.at(-1)).toEqual({ do: 'mark', id, target: 'db', applied })
        expect((await mark(false)).actions).toEqual(dry.actions)
        expect([effectsIn(database), effectsIn(other)]).toEqual([['a', 'app:1'], ['b']])
        const { migrations } = await migrator.status()
        expect(migrations.map(({ state }) => state)).toEqual(['applied', applied ? 'applied' : 'pending'])
      }
      database.exec(`delete from effects where id = 'a'`)
      other.exec('delete from effects')
      expect((await migrate(next, options)).applied).toHaveLength(1)
      // As not applied at once, too.
      if (renamed) return
      await expect(migrator.down('app:1')).rejects.toThrow('boom')
      await migrator.baseline('app:1', { reason: 'looked' })
      database.exec(`delete from effects where id = 'a'`)
      other.exec('delete from effects')
      expect((await migrate(next, options)).applied).toHaveLength(1)
    },
  )

  it('whose way back stopped half is gone after any other command, the state lost too', async () => {
    const { database, options } = storages()
    await migrate(whole, options)
    await expect(createMigrator(manifestWith(inSteps('down')), options).down('app:1')).rejects.toThrow('boom')
    const lost = { ...options, state: memory() }
    await createMigrator(whole, lost).down('base')
    expect(effectsIn(database)).toEqual([])
    await migrate(whole, lost)
    expect(effectsIn(database)).toEqual(['a', 'app:1', 'c'])
  })

  it('whose way back stopped half goes nowhere in a build without its way back', async () => {
    const { database, options } = storages()
    await migrate(whole, options)
    await expect(createMigrator(manifestWith(inSteps('down')), options).down('app:1')).rejects.toThrow('boom')
    const up = async (): Promise<void> => {}
    const without = manifestWith(
      inSteps(undefined, { load: async () => ({ default: { steps: [{ name: 'a', up }] } }) }),
    )
    await expect(migrate(without, options)).rejects.toMatchObject({ code: 'MIG_R0120', id: 'app:2' })
    expect(effectsIn(database)).toEqual(['a', 'app:1'])
  })

  it('that is applied in part keeps what it depends on', async () => {
    const { database, options } = storages()
    await expect(migrate(manifestWith(inSteps('up')), options)).rejects.toMatchObject({ code: 'MIG_R0201' })
    expect(effectsIn(database)).toEqual(['a', 'app:1'])
    const migrator = createMigrator(whole, options)
    await expect(migrator.down('base')).rejects.toMatchObject({ code: 'MIG_R0123', id: 'app:2' })
    await migrator.up()
    await migrator.down('base')
    expect(effectsIn(database)).toEqual([])
  })

  it('lacks the way back where one of its steps does', async () => {
    const { options } = storages()
    await migrate(whole, options)
    const steps = [{ name: 'a', up: async () => {} }]
    const without = manifestWith(inSteps(undefined, { load: async () => ({ default: { steps } }) }))
    await expect(createMigrator(without, options).down('app:1')).rejects.toThrow(/MIG_R0120.*app:2.*steps a/s)
  })
})
