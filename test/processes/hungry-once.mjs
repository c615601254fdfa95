// One process with many migrations. HUNGRY: its reporter keeps 200 KB for each, until no memory is left.
// node hungry-once.mjs <driver: pg | better-sqlite3> <URL or file> <how many migrations>
import Database from 'better-sqlite3'
import { Pool } from 'pg'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { pg } from '../../dist/adapters/pg.js'
import { migrate } from '../../dist/runtime.js'
import { chain } from './chain.mjs'

const [driver, storage, count] = process.argv.slice(2)

const migrations = chain(
  Array.from({ length: Number(count) }, (_, index) => ({
    format: 'sql',
    members: { up: index === 0 ? 'create table effects (n integer)' : `insert into effects values (${index})` },
  })),
)
const kept = []
const pool = driver === 'pg' ? new Pool({ connectionString: storage }) : undefined
const { outcome, applied } = await migrate(
  { v: 1, digest: 'hungry', retired: [], migrations },
  {
    adapters: { db: pool ? pg(pool) : betterSqlite3(new Database(storage)) },
    state: 'db',
    onEvent: () => process.env.HUNGRY && kept.push(Array.from({ length: 25_000 }, Math.random)),
  },
)
await pool?.end()
console.log(JSON.stringify({ outcome, applied: applied.length }))
