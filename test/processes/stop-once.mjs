// One process that migrates and can be told to stop. Prints where it is, a line each.
// node stop-once.mjs <driver: pg | better-sqlite3> <file or URL> <how long the second migration takes, in ms> <grace in ms, or none>
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { Pool } from 'pg'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { pg } from '../../dist/adapters/pg.js'
import { hooks, migrate } from '../../dist/runtime.js'
import { stopOn } from '../../dist/signals.js'
import { chain } from './chain.mjs'

const [driver, storage, duration, grace] = process.argv.slice(2)
const stop = grace === 'none' ? undefined : stopOn(['SIGTERM', 'SIGINT'], { grace: Number(grace) })
process.emit('count calls from here')

const given = [
  ({ db }) => db.run`create table done (n integer)`,
  async ({ db, log }) => {
    await db.run`insert into done values (2)`
    log('half')
    await delay(Number(duration))
    await db.run`insert into done values (22)`
  },
  ({ db }) => db.run`insert into done values (3)`,
]
const migrations = chain(given.map((up) => ({ members: { up } })))
const pool = driver === 'pg' ? new Pool({ connectionString: storage }) : undefined
const db = pool ? pg(pool) : betterSqlite3(new Database(storage))
try {
  const { applied } = await migrate(
    { v: 1, digest: 'd', retired: [], migrations },
    {
      adapters: { db },
      state: 'db',
      ...(stop ? { signal: stop.signal } : {}),
      hooks: hooks({
        async beforeAll() {
          console.log('planned')
          await delay(200)
        },
      }),
      onEvent: ({ type, message }) => type === 'log' && console.log(message),
    },
  )
  console.log(`applied ${applied.length}`)
  // A server that serves for a while.
  if (process.env.SERVE) await delay(60_000)
} finally {
  await pool?.end()
}
