import { expect, it } from 'vitest'
import { enumerate } from '../faults/enumerate.ts'
import { lacksServer, useServers } from '../faults/servers.ts'
import { caseOf } from '../faults/storages/cases.ts'
import { SCENARIOS, downWithFault, faultsFor, nameOf } from './faults.ts'

const servers = useServers(false)

// Some operations meet one of the faults; faults.soak.ts lets each meet all of them.
for (const { step, ...scenario } of SCENARIOS)
  it.skipIf(lacksServer(scenario))(
    `V15 ${nameOf(scenario)}: a down whose operation fails, loses its answer, or is overtaken is finished or absent after the next run`,
    async () => {
      const concurrency = caseOf(scenario.main).reach === 'one' ? 1 : 2
      const enumeration = { scenario, faults: faultsFor(scenario), step, first: 1, concurrency }
      const { tried, broken } = await enumerate(enumeration, (plan) => downWithFault(scenario, plan, servers()))
      expect(broken).toEqual([])
      expect(tried, 'faults that really happened').toBeGreaterThan(50 / step)
    },
  )
