import { expect, it } from 'vitest'
import { enumerate } from './enumerate.ts'
import { inProcess } from './in-process.ts'
import { MATRIX, nameOf } from './matrix.ts'
import { FAULTS } from './plan.ts'
import { lacksServer, useServers } from './servers.ts'
import { caseOf } from './storages/cases.ts'

const servers = useServers(false)
const DENSE = ['better-sqlite3', 'pg']

// Some operations meet one of the faults each; in-process.soak.ts lets every one meet all of them.
for (const [index, scenario] of MATRIX.entries()) {
  const { reach } = caseOf(scenario.main)
  const faults = FAULTS.filter((fault) => fault !== 'stealLease' || reach !== 'one')
  const isDense = DENSE.includes(scenario.main) && scenario.state === 'main'
  const step = isDense ? 3 : 15
  it.skipIf(lacksServer(scenario))(
    `N10 ${nameOf(scenario)}: an operation fails, its answer is lost, or others overtake (step ${step})`,
    async () => {
      const turned = [...faults.slice(index % faults.length), ...faults.slice(0, index % faults.length)]
      const first = 1 + (index % step)
      const enumeration = { scenario, faults: turned, step, first, concurrency: reach === 'one' ? 1 : 3 }
      const { tried, broken } = await enumerate(enumeration, (plan) => inProcess(scenario, plan, servers()))
      expect(broken).toEqual([])
      expect(tried, 'faults that really happened').toBeGreaterThan(50 / step)
    },
  )
}
