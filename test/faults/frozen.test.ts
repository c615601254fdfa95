import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { aftermath } from './aftermath.ts'
import { type Application, buildApplication, goOn, startApplication } from './application.ts'
import { type Case, enumerate } from './enumerate.ts'
import { Gate } from './gate.ts'
import { inProcesses } from './in-processes.ts'
import { nameOf } from './matrix.ts'
import { STILL_BUSY } from './outcome.ts'
import { NEVER, type Plan } from './plan.ts'
import { runOnce } from './run.ts'
import { type Placement, type Scenario, placed } from './scenario.ts'
import { lacksServer, useServers } from './servers.ts'

const servers = useServers(true)
let file = ''
beforeAll(async () => {
  file = await buildApplication(join(servers().folder, 'application'))
})

const SCENARIOS: readonly (readonly [scenario: Scenario, step: number])[] = [
  [{ main: 'better-sqlite3', extra: 'files', state: 'main' }, 4],
  [{ main: 'pg', extra: 'json-file', state: 'main' }, 5],
  [{ main: 'redis', extra: 'files', state: 'main' }, 6],
  [{ main: 'files', extra: 'redis', state: 'better-sqlite3' }, 12],
]

for (const [scenario, step] of SCENARIOS)
  it.skipIf(lacksServer(scenario))(
    `C11 ${nameOf(scenario)}: its process stands still, its leases run out, another one goes on, and it comes back (step ${step})`,
    { timeout: 300_000 },
    async () => {
      const attempt = (plan: Plan): Promise<Case> => inProcesses(file, scenario, plan, servers())
      const enumeration = { scenario, faults: ['stop'] as const, step, first: 1, concurrency: 2 }
      const { tried, broken } = await enumerate(enumeration, attempt)
      expect(broken).toEqual([])
      expect(tried, 'processes that really stood still').toBeGreaterThan(30 / step)
    },
  )

const onPostgres = (): Promise<Placement> => placed({ main: 'pg', extra: 'json-file', state: 'main' }, servers())

/** Its process stands still inside the transaction of its first migration. */
async function frozenInside(placement: Placement): Promise<Application> {
  const gate = new Gate(NEVER, (_, call) => call())
  await runOnce(await onPostgres(), { gate })
  const at = gate.passed.indexOf('main.sql.script') + 1
  const application = startApplication(file, placement, { do: 'stop', at })
  expect(await application.fired).toBe('main.sql.script')
  application.child.kill('SIGSTOP')
  return application
}

// That the server ends it after its limit is in `adapters/pg-faults` (C12).
it('C12 pg: its process stands still inside its transaction: another one waits as long as it may, says so, and the first one ends well', async () => {
  const placement = await onPostgres()
  const application = await frozenInside(placement)
  const other = await runOnce(placement, { wait: 700 })
  expect(other).toMatchObject({ end: 'rejected', applied: [] })
  expect(STILL_BUSY).toContain(other.end === 'rejected' && other.code)
  goOn(application)
  const { outcome } = await application.ended
  expect(outcome).toMatchObject({ end: 'resolved', outcome: 'migrated' })
  expect(await aftermath(placement, [other, ...(outcome ? [outcome] : [])])).toEqual([])
})
