// One process of a crowd without a state: waits for the moment that all wait for, migrates, and prints what it applied.
// node stateless-once.mjs <folder> <driver: pg | better-sqlite3> <protected | unprotected> <number>
// DATABASE: URL for the driver pg.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Pool } from 'pg'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { pg } from '../../dist/adapters/pg.js'
import { migrate } from '../../dist/runtime.js'
import traits from '../../dist/strategies/traits.js'
import { chain } from './chain.mjs'

const [folder, driver, protection, number] = process.argv.slice(2)
const isProtected = protection === 'protected'
const ends = []

/** Without protection runs do not share what keeps them apart: a lock by the table's name, the write lock. */
const DRIVERS = {
  pg() {
    const pool = new Pool({ connectionString: process.env.DATABASE })
    ends.push(() => pool.end())
    return pg(pool, isProtected ? {} : { table: `log_${number}` })
  },
  'better-sqlite3'() {
    const database = new Database(join(folder, 'app.db'))
    ends.push(() => database.close())
    const adapter = betterSqlite3(database)
    if (isProtected) return adapter
    const open = async () => {
      const session = await adapter.open()
      const begin = async (entry) => {
        const unit = await session.begin(entry)
        database.exec('commit')
        return unit
      }
      return { ...session, begin }
    }
    return { ...adapter, open }
  },
}

const effect = {
  async probe({ db }) {
    return (await db.rows`select id from effects`).length > 0
  },
  async up({ db }) {
    // Long enough for all of them to have asked, where nothing makes them wait for each other.
    await delay(isProtected ? 100 : 2_000)
    await db.run`insert into effects values (${number})`
  },
}
const migrations = chain([{ id: 'app:0001_effect', has: ['up', 'probe'], members: effect }])
const db = DRIVERS[driver]()
writeFileSync(join(folder, `ready-${number}`), '')
while (!existsSync(join(folder, 'go'))) await delay(5)
try {
  const manifest = { v: 1, digest: 'd', retired: [], migrations, traits }
  const { applied } = await migrate(manifest, { adapters: { db }, state: 'none' })
  console.log(JSON.stringify(applied.map(({ id }) => id)))
} catch ({ code, message }) {
  console.log(JSON.stringify({ code, message }))
}
for (const end of ends) await end()
