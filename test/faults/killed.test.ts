import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { buildApplication } from './application.ts'
import { type Case, enumerate } from './enumerate.ts'
import { inProcesses } from './in-processes.ts'
import { MATRIX, nameOf } from './matrix.ts'
import type { Plan } from './plan.ts'
import { lacksServer, useServers } from './servers.ts'
import { caseOf } from './storages/cases.ts'

const servers = useServers(true)
let application = ''
beforeAll(async () => {
  application = await buildApplication(join(servers().folder, 'application'))
})

// Others reach what is in memory, or in workerd, in this process only. PGlite takes long to start: killed.soak.ts has the other states.
const durable = MATRIX.filter(
  ({ main, state }) => caseOf(main).reach !== 'connections' && (main !== 'pglite' || state === 'main'),
)

const DENSE = ['better-sqlite3', 'pg']
// In turn, each scenario beginning with another; killed.soak.ts lets every operation meet all of them.
const FAULTS = ['killDuring', 'killBefore', 'killAfter', 'exit', 'hang', 'terminate', 'killDuring'] as const

for (const [index, scenario] of durable.entries()) {
  const isDense = DENSE.includes(scenario.main) && scenario.state === 'main'
  const sparse = 40
  const step = isDense ? 6 : sparse
  it.skipIf(lacksServer(scenario))(
    `C09 C10 C18 D11 ${nameOf(scenario)}: its process is killed, told to end, or exits (step ${step})`,
    { timeout: 300_000 },
    async () => {
      const turned = [...FAULTS.slice(index % FAULTS.length), ...FAULTS.slice(0, index % FAULTS.length)]
      const enumeration = { scenario, faults: turned, step, first: 1 + ((index * 4) % step), concurrency: 2 }
      const attempt = (plan: Plan): Promise<Case> => inProcesses(application, scenario, plan, servers())
      const { tried, broken } = await enumerate(enumeration, attempt)
      expect(broken).toEqual([])
      expect(tried, 'processes that were really struck').toBeGreaterThan(30 / step)
    },
  )
}
