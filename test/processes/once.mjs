// One process of a crowd: waits for the moment that all wait for, migrates, and prints what it applied.
// node once.mjs <folder> <state: db | files | events | own> <number, or nothing to start at once>
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { files } from '../../dist/adapters/files.js'
import { jsonFile } from '../../dist/adapters/json-file.js'
import { migrate } from '../../dist/runtime.js'
import { manifest } from './crowd-manifest.mjs'

const [folder, state, number] = process.argv.slice(2)
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
    events: jsonFile(join(folder, 'events.json')),
  },
  state: state === 'own' ? jsonFile(join(folder, 'state.json')) : state,
})
database.close()
console.log(JSON.stringify({ ...result, begun, ended: Date.now() }))
