import { Pool } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { pg } from '../../src/adapters/pg.ts'
import statements from '../../src/adapters/postgres/direct/strategy.ts'
import { createMigrator } from '../../src/admin.ts'
import type { Manifest } from '../../src/graph/manifest.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf } from '../runtime/manifest.ts'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const pools: Pool[] = []
afterAll(() => Promise.all(pools.map((pool) => pool.end())))

const UP = 'create index concurrently one on t (a); create index concurrently two on t (a)'

/** Two indexes outside of a transaction, on a table. */
function manifestWith(down: string): Manifest {
  const migrations = [
    { id: 'app:1', uses: { db: 'sql' }, sql: 'create table t (a integer)' },
    {
      id: 'app:2',
      uses: { db: 'sql' },
      sql: UP,
      has: ['up', 'down'],
      traits: { transaction: false },
      load: async () => ({ default: { up: UP, down } }),
    },
  ] as const
  return { ...manifestOf(migrations), statements }
}

const whole = manifestWith('drop index concurrently two; drop index concurrently one')
const broken = manifestWith('drop index concurrently two; drop index concurrently nothing')

it('what ran outside of a transaction goes back so, and what stopped half way is ended by the next run', async () => {
  const pool = new Pool({ connectionString: await server.createDatabase() })
  pools.push(pool)
  const options = { adapters: { db: pg(pool) }, state: 'db' } as const
  const indexes = async (): Promise<readonly unknown[]> => {
    const { rows } = await pool.query(`select indexname as name from pg_indexes where tablename = 't' order by 1`)
    return rows.map(({ name }) => name)
  }
  await migrate(whole, options)
  await createMigrator(whole, options).down('app:1')
  expect(await indexes()).toEqual([])
  await migrate(whole, options)
  await expect(createMigrator(broken, options).down('app:1')).rejects.toMatchObject({ code: 'MIG_R0275', id: 'app:2' })
  expect(await indexes()).toEqual(['one'])
  expect((await migrate(whole, options)).applied.map(({ id }) => id)).toEqual(['app:2'])
  expect(await indexes()).toEqual(['one', 'two'])
  await expect(createMigrator(broken, options).down('app:1')).rejects.toMatchObject({ code: 'MIG_R0275' })
  await createMigrator(whole, options).down('app:1')
  expect(await indexes()).toEqual([])
  expect((await migrate(whole, options)).outcome).toBe('migrated')
  expect((await migrate(whole, options)).outcome).toBe('current')
})
