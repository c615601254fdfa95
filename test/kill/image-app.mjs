// The application that is killed: migrates its storages with the images component, and says what it did.
// node image-app.mjs <folder> <how many migrations of the manifest> <state: db | files | own | redis>
// ALONE: nobody else can be at work, whoever has a lease is dead.
// DATABASE: a PostgreSQL URL, else a SQLite file in the folder. STATE_PREFIX: of the keys in REDIS_URL.
import { join } from 'node:path'
import betterSqlite3 from 'unplugin-migrations/adapters/better-sqlite3'
import files from 'unplugin-migrations/adapters/files'
import jsonFile from 'unplugin-migrations/adapters/json-file'
import pg from 'unplugin-migrations/adapters/pg'
import redis from 'unplugin-migrations/adapters/redis'
import { migrate } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'

const { ALONE, DATABASE, REDIS_URL, STATE_PREFIX } = process.env
const [folder, count, state] = process.argv.slice(2)
const ends = []

async function connect() {
  if (DATABASE !== undefined) {
    const { Pool } = await import('pg')
    const pool = new Pool({ connectionString: DATABASE })
    ends.push(() => pool.end())
    return pg(pool)
  }
  const { default: Database } = await import('better-sqlite3')
  const database = new Database(join(folder, 'app.db'))
  ends.push(() => database.close())
  return betterSqlite3(database)
}

async function stateStore() {
  if (state !== 'own' && state !== 'redis') return state
  const { lease, ...others } = await ownStore()
  return ALONE === undefined ? { ...others, lease } : others
}

async function ownStore() {
  if (state === 'own') return jsonFile(join(folder, 'state.json'))
  const { Redis } = await import('ioredis')
  const client = new Redis(REDIS_URL)
  ends.push(() => client.disconnect())
  return redis(client, { prefix: STATE_PREFIX })
}

const migrations = manifest.migrations.slice(0, Number(count))
const digest = migrations.map(({ id, hash }) => `${id} ${hash}`).join()
const result = await migrate(
  { ...manifest, digest, migrations },
  { adapters: { db: await connect(), files: files(join(folder, 'files')) }, state: await stateStore() },
)
for (const end of ends) await end()
console.log(JSON.stringify(result))
