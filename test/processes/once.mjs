// One process of a crowd: waits for the moment that all wait for, migrates, and prints what it applied.
// node once.mjs <folder> <state: db | files | events | own> <start: ms since the epoch>
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { betterSqlite3 } from '../../dist/adapters/better-sqlite3.js'
import { files } from '../../dist/adapters/files.js'
import { jsonFile } from '../../dist/adapters/json-file.js'
import { migrate } from '../../dist/runtime.js'
import { manifest } from './crowd-manifest.mjs'

const [folder, state, start] = process.argv.slice(2)
while (Date.now() < Number(start)) await new Promise((resolve) => setTimeout(resolve, Number(start) - Date.now()))

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
