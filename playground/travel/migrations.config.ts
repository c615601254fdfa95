import { betterSqlite3 } from 'unplugin-migrations/adapters/better-sqlite3'
import { files } from 'unplugin-migrations/adapters/files'
import { jsonFile } from 'unplugin-migrations/adapters/json-file'
import { defineConfig } from 'unplugin-migrations/config'
import { database, eventsFile, filesFolder } from './src/storage.ts'

export default defineConfig(() => ({
  adapters: {
    db: betterSqlite3(database()),
    files: files(filesFolder),
    events: jsonFile(eventsFile),
  },
  state: 'db',
}))
