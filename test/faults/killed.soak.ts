import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildApplication } from './application.ts'
import { enumerate } from './enumerate.ts'
import { inProcesses } from './in-processes.ts'
import { MATRIX, nameOf } from './matrix.ts'
import { DEADLY } from './plan.ts'
import { lacksServer, useServers } from './servers.ts'
import { caseOf } from './storages/cases.ts'

const servers = useServers(true)
let application = ''
beforeAll(async () => {
  application = await buildApplication(join(servers().folder, 'application'))
})

const durable = MATRIX.filter(({ main }) => caseOf(main).reach !== 'connections')

describe.each(durable.map((scenario) => [nameOf(scenario), scenario] as const))('%s', (_, scenario) => {
  // Two processes must not open one PGlite.
  const faults = DEADLY.filter((fault) => fault !== 'stop' || caseOf(scenario.main).reach === 'processes')
  it.skipIf(lacksServer(scenario)).each(faults)('every operation meets %s', { timeout: 3_600_000 }, async (fault) => {
    const enumeration = { scenario, faults: [fault], step: 1, first: 1, concurrency: 2 }
    const attempt = enumerate(enumeration, (plan) => inProcesses(application, scenario, plan, servers()))
    const { tried, broken } = await attempt
    expect(broken).toEqual([])
    expect(tried, 'processes that were really struck').toBeGreaterThan(50)
  })
})
