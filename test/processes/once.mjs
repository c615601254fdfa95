// One process of a crowd: waits for the moment that all wait for, migrates, and prints what it applied.
// node once.mjs <folder> <state: db | files | events | own> <driver> <number, or nothing to start at once>
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { files } from '../../dist/adapters/files.js'
import { jsonFile } from '../../dist/adapters/json-file.js'
import { nodeSqlite } from '../../dist/adapters/node-sqlite.js'
import { migrate } from '../../dist/runtime.js'
import { manifest } from './crowd-manifest.mjs'

/** Each driver is loaded only by the Node that has it. */
const DRIVERS = {
  'better-sqlite3': async (file) => {
    const { default: Database } = await import('better-sqlite3')
    const database = new Database(file)
    return { database, adapter: betterSqlite3(database) }
  },
  'node-sqlite': async (file) => {
    const { DatabaseSync } = await import('node:sqlite')
    const database = new DatabaseSync(file)
    return { database, adapter: nodeSqlite(database) }
  },
}

const [folder, state, driver, number] = process.argv.slice(2)
const connect = DRIVERS[driver]
if (number !== undefined) {
  writeFileSync(join(folder, `ready-${number}`), '')
  while (!existsSync(join(folder, 'go'))) await delay(5)
}

const { database, adapter } = await connect(join(folder, 'app.db'))
const begun = Date.now()
const result = await migrate(manifest(), {
  adapters: {
    db: adapter,
    files: files(join(folder, 'files')),
    events: jsonFile(join(folder, 'events.json')),
  },
  state: state === 'own' ? jsonFile(join(folder, 'state.json')) : state,
})
database.close()
console.log(JSON.stringify({ ...result, begun, ended: Date.now() }))
