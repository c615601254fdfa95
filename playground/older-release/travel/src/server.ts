// What the older site did when it booted. It served other pages, which nothing here needs.
import { migrate } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'
import config from '../migrations.config.ts'
import { closeStorages } from './storage.ts'

const { applied } = await migrate(manifest, config())
console.log(JSON.stringify(applied.map(({ id }) => id)))
await closeStorages()
