import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { packagesOf } from 'unplugin-migrations/graph'
import { type Options, migrate } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'
import config, { avatars } from '../migrations.config.ts'
import { site } from './site.ts'
import { closeStorages } from './storage.ts'

// One line of JSON for each thing that happens: readable for people, and for whatever collects a server's output.
function report(line: object): void {
  console.log(JSON.stringify(line))
}

async function migrateInstance(instance: string, migrations: typeof manifest, options: Options): Promise<void> {
  const { outcome, applied, findings } = await migrate(migrations, {
    ...options,
    onEvent: (event) => report({ instance, ...event }),
  })
  report({ type: 'migrated', instance, outcome, applied, findings })
}

try {
  await migrateInstance('site', manifest, config())
  await migrateInstance('avatars', packagesOf(manifest, ['@acme/images']), avatars())
} catch (error) {
  report({ type: 'stopped', message: error instanceof Error ? error.message : String(error), error })
  await closeStorages()
  process.exit(1)
}

const server = serve(
  { fetch: site.fetch, port: Number(process.env['PORT'] ?? 3000), hostname: 'localhost' },
  (address) => {
    report({ type: 'listening', url: `http://localhost:${(address as AddressInfo).port}/` })
  },
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => server.close(() => void closeStorages()))
}
