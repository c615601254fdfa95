import { migrate } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'
import config from './migrations.config.js'

const { outcome, applied } = await migrate(manifest, config)
console.log(JSON.stringify({ outcome, applied: applied.map(({ id }) => id) }))
