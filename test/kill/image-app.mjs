// The application that is killed: migrates the storages in a folder with the images component, and says what it did.
// node image-app.mjs <folder> <how many migrations of the manifest> <state: db | files | own>
import { join } from 'node:path'
import Database from 'better-sqlite3'
import betterSqlite3 from 'unplugin-migrations/adapters/better-sqlite3'
import files from 'unplugin-migrations/adapters/files'
import jsonFile from 'unplugin-migrations/adapters/json-file'
import { migrate } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'

const [folder, count, state] = process.argv.slice(2)
const database = new Database(join(folder, 'app.db'))
const migrations = manifest.migrations.slice(0, Number(count))
const digest = migrations.map(({ id, hash }) => `${id} ${hash}`).join()
const result = await migrate(
  { ...manifest, digest, migrations },
  {
    adapters: { db: betterSqlite3(database), files: files(join(folder, 'files')) },
    state: state === 'own' ? jsonFile(join(folder, 'state.json')) : state,
  },
)
database.close()
console.log(JSON.stringify(result))
