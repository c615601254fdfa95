import { files } from 'unplugin-migrations/adapters/files'
import jsonFile from 'unplugin-migrations/adapters/json-file'
import { defineConfig } from 'unplugin-migrations/config'

export default defineConfig(() => ({
  adapters: { settings: jsonFile('data/settings.json'), notes: files('data/notes') },
  state: 'settings',
}))
