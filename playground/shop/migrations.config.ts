import { files } from 'unplugin-migrations/adapters/files'
import { pg } from 'unplugin-migrations/adapters/pg'
import { defineConfig } from 'unplugin-migrations/config'
import { filesFolder, pool } from './src/storage.ts'

export default defineConfig(() => ({
  adapters: { db: pg(pool), files: files(filesFolder) },
  state: 'db',
}))
