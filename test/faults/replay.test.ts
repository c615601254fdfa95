import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildApplication } from './application.ts'
import { inProcess } from './in-process.ts'
import { inProcesses } from './in-processes.ts'
import { FAULTS, type Fault } from './plan.ts'
import { useServers } from './servers.ts'

// A line that an enumerator printed; without one, any.
const { FAULT = 'better-sqlite3 files main killDuring 10' } = process.env
const [main = '', extra = '', state = '', fault = '', at = ''] = FAULT.split(' ')
const survives = (FAULTS as readonly string[]).includes(fault)
const servers = useServers(!survives)

it(`repeats ${FAULT}`, async () => {
  const scenario = { main, extra, state }
  const plan = { do: fault as Fault, at: Number(at) }
  const found = survives
    ? inProcess(scenario, plan, servers())
    : inProcesses(await buildApplication(join(servers().folder, 'application')), scenario, plan, servers())
  const { fired, broken } = await found
  expect(fired).toBeDefined()
  expect(broken).toEqual([])
})
