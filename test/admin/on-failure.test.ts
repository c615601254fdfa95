import { expect, it } from 'vitest'
import { createMigrator } from '../../src/admin.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { type Effect, effectsIn, effectsOf, leave } from './effects.ts'
import { storages } from './storages.ts'

const boom = async (): Promise<void> => {
  throw new Error('boom')
}
/** On `other`: one, what fails, and one more. On `db`: two, one that comes after what fails, and one more. */
function twoLines(): readonly Effect[] {
  let fail = (): void => {}
  const failed = new Promise<void>((resolve) => {
    fail = resolve
  })
  return [
    { id: 'b:1', on: 'other' },
    { id: 'b:2', on: 'other', up: async () => boom().finally(fail) },
    { id: 'b:3', on: 'other', follows: [] },
    {
      id: 'a:1',
      follows: [],
      async up(context) {
        await leave(context, 'a:1', 'db')
        await failed
        // The run knows of the failure when its transaction is rolled back.
        await new Promise((resolve) => setTimeout(resolve, 100))
      },
    },
    { id: 'a:2' },
    { id: 'c:1', dependsOn: ['b:2'] },
    { id: 'd:1' },
  ]
}

it.each([
  ['stop', ['a:1'], ['b:2', 'b:3', 'a:2', 'c:1', 'd:1']],
  ['continue-independent', ['a:1', 'a:2'], ['b:2', 'b:3', 'c:1', 'd:1']],
] as const)('after a failure, %s leaves undone what it says', async (onFailure, done, left) => {
  const { database, other, options } = storages()
  const error: unknown = await migrate(effectsOf(twoLines()), { ...options, onFailure }).catch(
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({ code: 'MIG_R0201', id: 'b:2', notApplied: left })
  expect([effectsIn(database), effectsIn(other)]).toEqual([done, ['b:1']])
  expect((error as { readonly applied: readonly string[] }).applied.toSorted()).toEqual([...done, 'b:1'])
})

it('what went on after a failure leaves no build satisfied', async () => {
  const { options } = storages()
  const failing = effectsOf([{ id: 'b:1', on: 'other', up: boom }, { id: 'a:1' }])
  for (const _ of [1, 2])
    await expect(migrate(failing, { ...options, onFailure: 'continue-independent' })).rejects.toMatchObject({
      notApplied: ['b:1'],
    })
})

it('a run that is to be reverted takes back what it applied, and nothing that was there before', async () => {
  const { database, options, appliedIn } = storages()
  const manifest = effectsOf([
    { id: 'app:1' },
    { id: 'app:2' },
    { id: 'app:3', and: 'cache' },
    { id: 'app:4', up: boom },
  ])
  const migrator = createMigrator(manifest, options)
  await migrator.up('app:1')
  await expect(migrator.up('heads', { onFailure: 'revert-run' })).rejects.toMatchObject({
    code: 'MIG_R0201',
    id: 'app:4',
    applied: [],
    notApplied: ['app:2', 'app:3', 'app:4'],
  })
  expect(effectsIn(database)).toEqual(['app:1'])
  expect(await appliedIn(manifest)).toEqual(['app:1'])
})

it('a run that could not be reverted is refused before anything runs', async () => {
  const { database, options } = storages()
  const manifest = effectsOf([{ id: 'app:1' }, { id: 'app:2', down: false }])
  const run = createMigrator(manifest, options).up('heads', { onFailure: 'revert-run' })
  await expect(run).rejects.toMatchObject({ code: 'MIG_R0120' })
  expect(effectsIn(database)).toEqual([])
})

it('a run that fails, and whose reverting fails, names both', async () => {
  const { database, options } = storages()
  const manifest = effectsOf([
    { id: 'app:1', down: boom },
    { id: 'app:2', up: boom },
  ])
  const run = createMigrator(manifest, options).up('heads', { onFailure: 'revert-run' })
  await expect(run).rejects.toMatchObject({ code: 'MIG_R0121', applied: ['app:1'] })
  expect(effectsIn(database)).toEqual(['app:1'])
})
