import { migrate, plan, status, type MigrationEvent, type Result } from 'unplugin-migrations/runtime'
import { packageOf, type Manifest } from 'unplugin-migrations/graph'
import manifest from 'virtual:migrations'
import config from './migrations.config.js'

const typed: Manifest = manifest
const planned = await plan(typed, config)
const events: MigrationEvent['type'][] = []
const { outcome, applied }: Result = await migrate(manifest, {
  ...config(),
  onEvent: ({ type }) => void events.push(type),
})
const { migrations } = await status(manifest, config)

const ids = applied.map(({ id }) => id)
const states = migrations.map(({ state }) => state)
const packages = [...new Set(ids.map(packageOf))]
console.log(JSON.stringify({ outcome, planned: planned.migrations.length, ids, states, packages, events }))
