import { PGlite } from '@electric-sql/pglite'
import { Pool } from 'pg'
import { afterAll, beforeEach } from 'vitest'
import { pg } from '../../src/adapters/pg.ts'
import { pglite } from '../../src/adapters/pglite.ts'
import { usePostgres } from '../servers/postgres.ts'
import { type TestStorage, testAdapter } from './conformance.ts'

const TABLES = `select 1 from pg_class join pg_namespace n on n.oid = relnamespace where nspname = 'public'`

const server = usePostgres()
const pools: Pool[] = []
afterAll(async () => {
  for (const pool of pools) await pool.end()
})

let url = ''
beforeEach(async () => {
  url = await server.createDatabase()
})

function pgStorage(): TestStorage {
  const connectionString = url
  const open = (): Pool => {
    const pool = new Pool({ connectionString })
    pools.push(pool)
    return pool
  }
  return {
    open: () => pg(open()),
    isUntouched: async () => (await open().query(TABLES)).rows.length === 0,
  }
}

function pgliteStorage(): TestStorage {
  const database = new PGlite()
  return {
    open: () => pglite(database),
    isUntouched: async () => (await database.query(TABLES)).rows.length === 0,
  }
}

testAdapter('pg', pgStorage)
testAdapter('pglite', pgliteStorage)
