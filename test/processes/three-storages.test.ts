import { it } from 'vitest'
import { usePostgres } from '../servers/postgres.ts'
import { postgresData, sqliteData } from './data.ts'
import { BETTER, NODE, PG, fresh, nodeWithSqlite, testCrowd } from './three-storages.ts'

const server = usePostgres()

// One storage takes part in the work of another, and one migration has all three. Each adapter by itself:
// crowd/processes; with the state anywhere: three-storages.soak.ts.
it.each(['files', 'events'] as const)(
  'N01 twenty processes on three storages at once, state in %s: every migration takes effect once, and all end well',
  async (state) => testCrowd(await sqliteData(fresh(), state), [BETTER]),
)

it.skipIf(nodeWithSqlite === undefined)('N01 with both drivers of SQLite, state in db: the same', async () =>
  testCrowd(await sqliteData(fresh(), 'db'), [BETTER, NODE]),
)

it('N01 on PostgreSQL, state in db: the same', async () => testCrowd(await postgresData(server, fresh(), 'db'), [PG]))
