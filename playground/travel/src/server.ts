import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { migrate } from 'unplugin-migrations/runtime'
import manifest from 'virtual:migrations'
import config from '../migrations.config.ts'
import { site } from './site.ts'
import { closeDatabase } from './storage.ts'

// One line of JSON for each thing that happens: readable for people, and for whatever collects a server's output.
function report(line: object): void {
  console.log(JSON.stringify(line))
}

try {
  const result = await migrate(manifest, { ...config(), onEvent: report })
  report({ type: 'migrated', outcome: result.outcome, applied: result.applied, findings: result.findings })
} catch (error) {
  report({ type: 'failed', message: error instanceof Error ? error.message : String(error), error })
  closeDatabase()
  process.exit(1)
}

const server = serve(
  { fetch: site.fetch, port: Number(process.env['PORT'] ?? 3000), hostname: 'localhost' },
  (address) => {
    report({ type: 'listening', url: `http://localhost:${(address as AddressInfo).port}/` })
  },
)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => server.close(closeDatabase))
}
