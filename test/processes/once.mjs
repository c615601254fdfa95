// One process of a crowd: waits for the moment that all wait for, migrates, and prints what it applied.
// node once.mjs <folder> <state: db | files | events | own | redis> <driver> <number, or nothing to start at once>
// DATABASE: URL for the driver pg. STATE_PREFIX: of the keys in REDIS_URL.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { files } from '../../dist/adapters/files.js'
import { jsonFile } from '../../dist/adapters/json-file.js'
import { nodeSqlite } from '../../dist/adapters/node-sqlite.js'
import { pg } from '../../dist/adapters/pg.js'
import { redis } from '../../dist/adapters/redis.js'
import { migrate } from '../../dist/runtime.js'
import { manifest } from './crowd-manifest.mjs'

const ends = []

/** Each driver is loaded only by the Node that has it. */
const DRIVERS = {
  'better-sqlite3': async (file) => {
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(file)
    ends.push(() => database.close())
    return betterSqlite3(database)
  },
  'node-sqlite': async (file) => {
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(file)
    ends.push(() => database.close())
    return nodeSqlite(database)
  },
  pg: async () => {
    const { Pool } = await import('pg')
    const pool = new Pool({ connectionString: process.env.DATABASE })
    ends.push(() => pool.end())
    return pg(pool)
  },
}

const [folder, state, driver, number] = process.argv.slice(2)
const connect = DRIVERS[driver]
if (number !== undefined) {
  writeFileSync(join(folder, `ready-${number}`), '')
  while (!existsSync(join(folder, 'go'))) await delay(5)
}

async function stateStore() {
  if (state === 'own') return jsonFile(join(folder, 'state.json'))
  if (state !== 'redis') return state
  const { Redis } = await import('ioredis')
  const client = new Redis(process.env.REDIS_URL)
  ends.push(() => client.disconnect())
  return redis(client, { prefix: process.env.STATE_PREFIX })
}

const db = await connect(join(folder, 'app.db'))
const own = await stateStore()
const begun = Date.now()
const result = await migrate(manifest(), {
  adapters: {
    db,
    files: files(join(folder, 'files')),
    events: jsonFile(join(folder, 'events.json')),
  },
  state: own,
})
const ended = Date.now()
for (const end of ends) await end()
console.log(JSON.stringify({ ...result, begun, ended }))
