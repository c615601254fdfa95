// One process that migrates a MariaDB database, and prints what it applied.
// node mysql-once.mjs <url> <way: a name of mysql-manifest> <folder to wait in, with all others, or nothing> <number>
// UNLOCKED: the server's locks are taken for granted.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { createPool } from 'mysql2/promise'
import { mysql2 } from '../../dist/adapters/mysql2.js'
import { migrate } from '../../dist/runtime.js'
import traits from '../../dist/runtime/traits/strategy.js'
import { manifest } from './mysql-manifest.mjs'
import { unlocked } from './mysql-unlocked.mjs'

const [uri, way, folder, number] = process.argv.slice(2)
const pool = createPool({ uri })
if (folder !== undefined) {
  writeFileSync(join(folder, `ready-${number}`), '')
  while (!existsSync(join(folder, 'go'))) await delay(5)
}
const begun = Date.now()
const db = mysql2(process.env.UNLOCKED ? unlocked(pool) : pool)
try {
  const result = await migrate(manifest(way, traits), { adapters: { db }, state: 'db' })
  console.log(JSON.stringify({ ...result, begun, ended: Date.now() }))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
await pool.end()
