import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { betterSqlite3 } from '../../src/adapters/better-sqlite3.ts'
import { memory } from '../../src/adapters/memory.ts'
import { createMigrator } from '../../src/admin/migrator.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Options } from '../../src/runtime/options.ts'
import { type TestMigration, manifestOf, migration } from './manifest.ts'

const [FEW, MANY] = [250, 2000]

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function manifestWith(count: number, one: (id: string) => TestMigration): Manifest {
  return manifestOf(Array.from({ length: count }, (_, index) => one(`app:${String(index).padStart(5, '0')}`)))
}

/** Eight times as many may take eight times as long, and what a machine is busy with beside it; not sixty-four times. */
async function assertLinear(work: (count: number) => Promise<number>): Promise<void> {
  await work(FEW)
  const few = await work(FEW)
  expect((await work(MANY)) / few).toBeLessThan(24)
}

const sqlite = (): Options => ({ adapters: { db: betterSqlite3(new Database(':memory:')) }, state: 'db' })

it('staged work of many migrations is settled without a look at all entries for each', async () => {
  await assertLinear((count) => {
    const up = (id: string): TestMigration =>
      migration({ id, uses: { cache: 'kv' }, up: async ({ cache }) => cache.set('last', id) })
    return millisecondsOf(() => migrate(manifestWith(count, up), { adapters: { cache: memory() }, state: 'cache' }))
  })
})

it('taking back many migrations is planned without a look at all of them for each', async () => {
  await assertLinear(async (count) => {
    const both = (id: string): TestMigration =>
      migration({ id, uses: { db: 'sql' }, up: async () => {}, down: async () => {} })
    const [manifest, options] = [manifestWith(count, both), sqlite()]
    await migrate(manifest, options)
    return millisecondsOf(() => createMigrator(manifest, options).down('base', { dryRun: true }))
  })
})
