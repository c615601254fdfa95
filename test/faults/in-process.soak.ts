import { describe, expect, it } from 'vitest'
import { enumerate } from './enumerate.ts'
import { inProcess } from './in-process.ts'
import { MATRIX, nameOf } from './matrix.ts'
import { FAULTS } from './plan.ts'
import { lacksServer, useServers } from './servers.ts'
import { caseOf } from './storages/cases.ts'

const servers = useServers(false)

describe.each(MATRIX.map((scenario) => [nameOf(scenario), scenario] as const))('%s', (_, scenario) => {
  const { reach } = caseOf(scenario.main)
  const faults = FAULTS.filter((fault) => fault !== 'stealLease' || reach !== 'one')
  it.skipIf(lacksServer(scenario)).each(faults)('every operation meets %s', { timeout: 1_800_000 }, async (fault) => {
    const enumeration = { scenario, faults: [fault], step: 1, first: 1, concurrency: reach === 'one' ? 1 : 3 }
    const { tried, broken } = await enumerate(enumeration, (plan) => inProcess(scenario, plan, servers()))
    expect(broken).toEqual([])
    expect(tried, 'faults that really happened').toBeGreaterThan(50)
  })
})
