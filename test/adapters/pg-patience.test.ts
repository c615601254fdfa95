import { Pool } from 'pg'
import { afterAll, expect, it } from 'vitest'
import { pg } from '../../src/adapters/pg.ts'
import { migrate } from '../../src/runtime/migrate.ts'
import { manifestOf, migration } from '../runtime/manifest.ts'
import { usePostgres } from '../servers/postgres.ts'

const server = usePostgres()
const pools: Pool[] = []
afterAll(() => Promise.all(pools.map((pool) => pool.end())))

// Prisma's wait 10 seconds for its lock, node-pg-migrate's not at all; then their process fails to start.
it('runs that lose wait for one that takes longer than ten seconds, and all end well (Prisma, node-pg-migrate)', async () => {
  const url = await server.createDatabase()
  const slow = manifestOf([
    migration({ id: 'app:1', uses: { db: 'sql' }, sql: 'create table effects (n integer)' }),
    migration({ id: 'app:2', uses: { db: 'sql' }, sql: 'select pg_sleep(11); insert into effects values (2)' }),
  ])
  const runs = Array.from({ length: 3 }, () => {
    const pool = new Pool({ connectionString: url })
    pools.push(pool)
    return migrate(slow, { adapters: { db: pg(pool) }, state: 'db' })
  })
  const results = await Promise.all(runs)
  expect(results.flatMap(({ applied }) => applied.map(({ id }) => id)).toSorted()).toEqual(['app:1', 'app:2'])
  expect((await pools[0]?.query('select n from effects'))?.rows).toEqual([{ n: 2 }])
})
