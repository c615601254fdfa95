import { Pool } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { pg, pgState } from '../../src/adapters/pg.ts'
import { createMigrator } from '../../src/admin.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { usePostgres } from '../servers/postgres.ts'
import { effectsOf } from './effects.ts'

const server = usePostgres()
const pools: Pool[] = []
afterAll(() => Promise.all(pools.map((pool) => pool.end())))

async function database(): Promise<Pool> {
  const pool = new Pool({ connectionString: await server.createDatabase() })
  pools.push(pool)
  return pool
}

it('the state of one PostgreSQL database moves into another one, and back, and what is taken back is known there', async () => {
  const [own, other] = [await database(), await database()]
  await own.query('create table effects (id text primary key)')
  const here = { adapters: { db: pg(own) }, state: 'db' } as const
  const there = { adapters: { db: pg(own) }, state: pgState(other) } as const
  const effects = [{ id: 'app:1' }, { id: 'app:2' }]
  const [older, newer] = [effectsOf(effects), effectsOf([...effects, { id: 'app:3' }])]
  await migrate(older, here)
  const migrator = createMigrator(older, here)
  const dry = await migrator.moveState('db', there.state, { dryRun: true })
  expect(dry.actions.map(({ do: does }) => does)).toEqual(['establish', 'seal', 'record', 'record', 'seal', 'unseal'])
  expect((await other.query(`select to_regclass('unplugin_migrations') as log`)).rows).toEqual([{ log: null }])
  expect(await migrator.moveState('db', there.state)).toEqual({ ...dry, dryRun: false })
  await expect(migrate(newer, here)).rejects.toMatchObject({ code: 'MIG_R0113' })
  await createMigrator(older, there).redo()
  expect((await migrate(newer, there)).applied.map(({ id }) => id)).toEqual(['app:3'])
  await createMigrator(newer, there).down('app:1')
  await createMigrator(newer, there).moveState(there.state, 'db')
  await expect(migrate(newer, there)).rejects.toMatchObject({ code: 'MIG_R0113' })
  expect((await migrate(newer, here)).applied.map(({ id }) => id)).toEqual(['app:2', 'app:3'])
  expect((await migrate(newer, here)).outcome).toBe('current')
  expect((await own.query('select id from effects order by id')).rows).toHaveLength(3)
})
