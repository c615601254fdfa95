import { setTimeout as delay } from 'node:timers/promises'
import { aftermath } from './aftermath.ts'
import { type Application, goOn, startApplication } from './application.ts'
import type { Case } from './enumerate.ts'
import type { Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import { runOnce } from './run.ts'
import { type Placement, type Scenario, placed, removed } from './scenario.ts'
import { stealLeases } from './steal-leases.ts'
import type { Servers } from './storages/storage-case.ts'

/** How long another runner waits for one that stands still, in ms. */
const RIVAL_WAIT = 100

/** One run of a process that is struck by a fault, and what is broken after it. */
export async function inProcesses(file: string, scenario: Scenario, plan: Plan, servers: Servers): Promise<Case> {
  const placement = await placed(scenario, servers)
  const application = startApplication(file, placement, plan)
  const fired = await application.fired
  const rivals = fired === undefined ? [] : await whileStruck(placement, plan, application)
  const { code, signal, outcome } = await application.ended
  const outcomes = [...(outcome ? [outcome] : []), ...rivals]
  const end = `it ended with ${signal ?? code}: ${outcome?.said}`
  const wrong = isExpected(plan, fired, { code, signal, outcome }) ? [] : [end]
  const found = [...wrong, ...(await aftermath(placement, outcomes))]
  await removed(placement)
  return { fired, broken: found }
}

/** What happens from outside. */
async function whileStruck(placement: Placement, plan: Plan, application: Application): Promise<readonly Outcome[]> {
  const { child } = application
  if (plan.do === 'hang') {
    child.kill('SIGTERM')
    await delay(20)
    child.kill('SIGKILL')
  }
  if (plan.do !== 'stop') return []
  child.kill('SIGSTOP')
  await stealLeases(placement)
  const rival = await runOnce(placement, { wait: RIVAL_WAIT })
  goOn(application)
  return [rival]
}

type Ended = Pick<Awaited<Application['ended']>, 'code' | 'signal' | 'outcome'>

/** How a process may end that met this fault. */
function isExpected(plan: Plan, fired: string | undefined, { code, signal, outcome }: Ended): boolean {
  const isWell = outcome?.end === 'resolved'
  if (fired === undefined) return code === 0 && isWell
  switch (plan.do) {
    case 'exit':
      return code === 0 && !outcome
    case 'terminate':
      return code === 143 && (isWell || outcome?.code === 'MIG_R0206')
    case 'stop':
      return code === 0 && isWell
    default:
      return signal === 'SIGKILL'
  }
}
