import { it } from 'vitest'
import { usePostgres } from '../servers/postgres.ts'
import { redisUrl } from '../servers/redis.ts'
import { type State, postgresData, sqliteData } from './data.ts'
import { BETTER, NODE, PG, fresh, nodeWithSqlite, testCrowd } from './three-storages.ts'

const server = usePostgres()

it.each(['db', 'own', 'files', 'events'] as const)(
  'N01 twenty processes on three storages at once, state in %s: every migration takes effect once, and all end well',
  async (state) => testCrowd(await sqliteData(fresh(), state), [BETTER]),
)

it.skipIf(nodeWithSqlite === undefined).each([
  ['node:sqlite', 'db', [NODE]],
  ['node:sqlite', 'own', [NODE]],
  ['both drivers', 'db', [BETTER, NODE]],
] as const)('N01 twenty processes of %s at once, state in %s: the same', async (_, state, drivers) =>
  testCrowd(await sqliteData(fresh(), state), drivers),
)

const STATES: readonly State[] = ['db', 'own', 'redis']
for (const state of STATES)
  it.skipIf(state === 'redis' && redisUrl === undefined)(
    `N01 twenty processes on PostgreSQL at once, state in ${state}: the same`,
    async () => testCrowd(await postgresData(server, fresh(), state), [PG]),
  )
