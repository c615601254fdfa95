import { describe, expect, it } from 'vitest'
import { createMigrator } from '../../src/admin.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { effectsIn, effectsOf } from './effects.ts'
import { storages } from './storages.ts'

const manifest = effectsOf([
  { id: 'app:1' },
  { id: 'app:2', on: 'other' },
  { id: 'app:3' },
  { id: 'app:4' },
  { id: 'b:1', on: 'other', dependsOn: ['app:3'] },
])
const why = { reason: 'was there before', who: 'ada' }

describe('baseline', () => {
  it('marks up to its targets, runs nothing, and the next migrate does the rest', async () => {
    const { database, other, options, appliedIn } = storages()
    const migrator = createMigrator(manifest, options)
    const dry = await migrator.baseline('app:3', { ...why, dryRun: true })
    expect((await migrator.history()).length).toBe(0)
    expect(await migrator.baseline('app:3', why)).toEqual({ ...dry, dryRun: false })
    expect(dry.actions).toEqual([
      { do: 'mark', id: 'app:1', target: 'db', applied: true },
      { do: 'mark', id: 'app:2', target: 'other', applied: true },
      { do: 'mark', id: 'app:3', target: 'db', applied: true },
    ])
    expect(await appliedIn(manifest)).toEqual(['app:1', 'app:2', 'app:3'])
    expect((await migrate(manifest, options)).applied.map(({ id }) => id)).toEqual(['app:4', 'b:1'])
    expect([effectsIn(database), effectsIn(other)]).toEqual([['app:4'], ['b:1']])
  })

  it('marks what follows as not applied, and leaves no build satisfied', async () => {
    const { database, options, appliedIn } = storages()
    await migrate(manifest, options)
    const migrator = createMigrator(manifest, options)
    const { actions } = await migrator.baseline('app:2', why)
    expect(actions).toEqual([
      { do: 'mark', id: 'b:1', target: 'other', applied: false },
      { do: 'mark', id: 'app:4', target: 'db', applied: false },
      { do: 'mark', id: 'app:3', target: 'db', applied: false },
    ])
    expect(await appliedIn(manifest)).toEqual(['app:1', 'app:2'])
    expect(effectsIn(database)).toEqual(['app:1', 'app:3', 'app:4'])
    await expect(migrate(manifest, options)).rejects.toMatchObject({ code: 'MIG_R0201', id: 'app:3' })
    await migrator.baseline('heads', why)
    expect((await migrate(manifest, options)).outcome).toBe('current')
  })

  it('marks a squash as not applied that counts as applied, with what it replaces', async () => {
    const { options, appliedIn } = storages()
    await migrate(effectsOf([{ id: 'app:1' }, { id: 'app:2', on: 'other' }, { id: 'b:1', on: 'other' }]), options)
    const squashed = effectsOf([
      { id: 'app:3', replaces: ['app:1', 'app:2'] },
      { id: 'b:1', on: 'other' },
    ])
    expect(await appliedIn(squashed)).toEqual(['app:3', 'b:1'])
    const migrator = createMigrator(squashed, options)
    const dry = await migrator.baseline('base', { ...why, dryRun: true })
    expect(await migrator.baseline('base', why)).toEqual({ ...dry, dryRun: false })
    expect(dry.actions).toEqual([
      { do: 'mark', id: 'b:1', target: 'other', applied: false },
      { do: 'mark', id: 'app:3', target: 'db', applied: true },
      { do: 'mark', id: 'app:1', target: 'db', applied: false },
      { do: 'mark', id: 'app:2', target: 'other', applied: false },
      { do: 'mark', id: 'app:3', target: 'db', applied: false },
    ])
    expect(await appliedIn(squashed)).toEqual([])
    await expect(migrate(squashed, options)).rejects.toMatchObject({ code: 'MIG_R0201', id: 'b:1', applied: ['app:3'] })
  })

  it('is in the history with its reason and whoever says so', async () => {
    const { options } = storages()
    const migrator = createMigrator(manifest, options)
    await migrator.baseline('app:1', why)
    const lines = await migrator.history({ id: 'app:1' })
    expect(lines).toMatchObject([
      {
        log: 'db',
        target: 'db',
        serial: 1,
        kind: 'mark',
        data: { applied: true, reason: 'was there before', who: 'ada' },
      },
    ])
  })
})

describe('skip', () => {
  it('marks exactly what is named, as a closed set', async () => {
    const { database, options } = storages()
    const migrator = createMigrator(manifest, options)
    await expect(migrator.skip(['app:3'], why)).rejects.toMatchObject({ code: 'MIG_R0406' })
    await migrator.up('app:2')
    const dry = await migrator.skip(['app:3'], { ...why, dryRun: true })
    expect((await migrator.skip(['app:3'], why)).actions).toEqual(dry.actions)
    await migrator.up()
    expect(effectsIn(database)).toEqual(['app:1', 'app:4'])
  })
})

describe('history', () => {
  it('shows each entry once, in the order of its log, the last ones where asked', async () => {
    const { options } = storages()
    const migrator = createMigrator(manifest, options)
    await migrator.up()
    await migrator.down('app:2')
    const lines = await migrator.history()
    for (const log of ['db', 'other', 'state']) {
      const serials = lines.filter((line) => line.log === log).map(({ serial }) => serial)
      expect(serials).toEqual(serials.toSorted((a, b) => a - b))
    }
    const changes = lines.filter(({ kind }) => kind === 'up' || kind === 'down')
    expect(changes.map(({ kind, id, target, log }) => `${kind} ${id} ${target === log}`).toSorted()).toEqual(
      [
        'up app:1 true',
        'up app:2 true',
        'up app:3 true',
        'up app:4 true',
        'up b:1 true',
        'down b:1 true',
        'down app:4 true',
        'down app:3 true',
      ].toSorted(),
    )
    expect(await migrator.history({ last: 2 })).toEqual(lines.slice(-2))
  })
})
