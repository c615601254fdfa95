import { expect, it } from 'vitest'
import { enumerate } from '../faults/enumerate.ts'
import { lacksServer, useServers } from '../faults/servers.ts'
import { SCENARIOS, downWithFault, faultsFor, nameOf } from './faults.ts'

const servers = useServers(false)

for (const { step: _, ...scenario } of SCENARIOS)
  it.skipIf(lacksServer(scenario)).each(faultsFor(scenario))(
    `V15 ${nameOf(scenario)}: a down is finished or absent after the next run, whichever of its operations meets %s`,
    { timeout: 3_600_000 },
    async (fault) => {
      const enumeration = { scenario, faults: [fault], step: 1, first: 1, concurrency: 1 }
      const { tried, broken } = await enumerate(enumeration, (plan) => downWithFault(scenario, plan, servers()))
      expect(broken).toEqual([])
      expect(tried, 'faults that really happened').toBeGreaterThan(50)
    },
  )
