import { expect, it } from 'vitest'
import { createMigrator } from '../../src/admin.ts'
import type { Adapter, Session } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { effectsOf } from './effects.ts'
import { storages } from './storages.ts'

/** One that cannot put anything in place. */
function stuck(adapter: Adapter<'kv'>): Adapter<'kv'> {
  const settle = (): Promise<never> => Promise.reject(new Error('no'))
  const open = async (): Promise<Session<'kv'>> => ({ ...(await adapter.open()), settle })
  return { ...adapter, open }
}

const hash = 'h0:of-both'
const settle = { do: 'settle', id: 'app:new', target: 'db' }

it.each([
  ['under a former id', effectsOf([{ id: 'app:new', formerly: ['app:old'], and: 'cache', hash }]), [settle]],
  [
    'of code that is gone',
    effectsOf([{ id: 'app:2', and: 'cache' }]),
    [
      { ...settle, id: 'app:old' },
      { do: 'up', id: 'app:2', target: 'db', because: null },
    ],
  ],
])('shows work %s that is committed and not settled', async (name, manifest, actions) => {
  const { options, data } = storages()
  const { adapters } = options
  const begun = migrate(effectsOf([{ id: 'app:old', and: 'cache', hash }]), {
    ...options,
    adapters: { ...adapters, cache: stuck(adapters.cache) },
  })
  await expect(begun).rejects.toMatchObject({ code: 'MIG_R0204' })
  const migrator = createMigrator(manifest, options)
  const isRenamed = name === 'under a former id'
  expect((await migrator.status()).migrations).toMatchObject([{ state: isRenamed ? 'settling' : 'pending' }])
  expect((await migrator.up('heads', { dryRun: true })).actions).toEqual(actions)
  expect(data.size).toBe(0)
  expect((await migrator.up()).actions).toEqual(actions)
  expect(data.get('app:old')).toBe(true)
  expect((await migrator.status()).migrations).toMatchObject([{ state: 'applied' }])
})
