// One process that migrates with Redis among its storages, and prints what it applied.
// node redis-once.mjs <folder> <url> <prefix> <state: db | events | own> <ioredis | node-redis> <number, or nothing to start at once>
// With KILL_AT=n it kills itself before its n-th call of Redis.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createClient } from '@redis/client'
import Database from 'better-sqlite3'
import { Redis } from 'ioredis'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { files } from '../../dist/adapters/files.js'
import { redis } from '../../dist/adapters/redis.js'
import { migrate } from '../../dist/runtime.js'
import { manifest } from './crowd-manifest.mjs'

const [folder, url, prefix, state, library, number] = process.argv.slice(2)
const client = library === 'ioredis' ? new Redis(url) : await createClient({ url }).connect()

const limit = Number(process.env.KILL_AT ?? Infinity)
let calls = 0
function count() {
  calls += 1
  if (calls >= limit) process.kill(process.pid, 'SIGKILL')
}
/** All that the adapter uses of a client. */
const counted =
  library === 'ioredis'
    ? { isCluster: false, call: (...parameters) => (count(), client.call(...parameters)) }
    : { eval: (...parameters) => (count(), client.eval(...parameters)) }

if (number !== undefined) {
  writeFileSync(join(folder, `ready-${number}`), '')
  while (!existsSync(join(folder, 'go'))) await delay(5)
}
const database = new Database(join(folder, 'app.db'))
const begun = Date.now()
const result = await migrate(manifest(), {
  adapters: {
    db: betterSqlite3(database),
    files: files(join(folder, 'files')),
    events: redis(counted, { prefix }),
  },
  state: state === 'own' ? redis(counted, { prefix: `${prefix}state:` }) : state,
})
const ended = Date.now()
database.close()
client.disconnect()
console.log(JSON.stringify({ ...result, begun, ended }))
