import { expect, it } from 'vitest'
import { type PgPool, pg, pgState } from '../../src/adapters/pg.ts'
import type { Adapter } from '../../src/runtime/adapter.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import type { Result } from '../../src/runtime/options.ts'
import { manifestOf } from './manifest.ts'

/** Counts what is asked of it and answers nothing. */
function deadPool(): PgPool & { asked: number } {
  const refuse = async (): Promise<never> => {
    pool.asked++
    throw new Error('no server')
  }
  const pool = { asked: 0, connect: refuse, query: refuse }
  return pool
}

it('asks for the adapter of a state store where PostgreSQL holds the state of another PostgreSQL', async () => {
  // With one role the build brings no code for several storages.
  const { storages: _, ...manifest } = manifestOf([{ id: 'app:1', uses: { db: 'sql' }, sql: 'create table a (x int)' }])
  const [pool, other] = [deadPool(), deadPool()]
  const run = (state: Adapter): Promise<Result> => migrate(manifest, { adapters: { db: pg(pool) }, state })
  await expect(run(pg(other))).rejects.toMatchObject({ code: 'MIG_R0111' })
  expect([pool.asked, other.asked]).toEqual([0, 0])
  await expect(run(pgState(other))).rejects.toMatchObject({ code: 'MIG_R0222' })
  expect(pool.asked).toBeGreaterThan(0)
  expect(other.asked).toBeGreaterThan(0)
})
