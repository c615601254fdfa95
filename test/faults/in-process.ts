import { aftermath } from './aftermath.ts'
import type { Case } from './enumerate.ts'
import { Gate } from './gate.ts'
import { injection } from './injections.ts'
import { type Outcome, STILL_BUSY } from './outcome.ts'
import type { Fault, Plan } from './plan.ts'
import { type Mutate, runOnce } from './run.ts'
import { type Placement, type Scenario, placed, removed } from './scenario.ts'
import type { Servers } from './storages/storage-case.ts'

/** How long another runner waits for one that stands still, in ms. */
const RIVAL_WAIT = 40

/** One run that meets a fault which its process survives, and what is broken after it. */
export async function inProcess(scenario: Scenario, plan: Plan, servers: Servers, mutate?: Mutate): Promise<Case> {
  const placement = await placed(scenario, servers)
  const controller = new AbortController()
  const rivals: Outcome[] = []
  const inject = injection(plan.do, {
    placement,
    abort: () => controller.abort(new Error('told to stop')),
    rival: async () => void rivals.push(await rivalOf(placement)),
  })
  const gate = new Gate(plan, inject)
  const outcome = await runOnce(placement, { gate, signal: controller.signal, ...(mutate ? { mutate } : {}) })
  const wrong = [...unexpected(gate, plan.do, outcome, rivals), ...(await aftermath(placement, [outcome, ...rivals]))]
  await removed(placement)
  return { fired: gate.fired, broken: wrong }
}

async function rivalOf(placement: Placement): Promise<Outcome> {
  return runOnce(placement, { wait: RIVAL_WAIT })
}

/** Where a storage that is busy is waited for. */
const WAITED_FOR = /\.(log\.(head|read|append)|session\.(begin|tryLock)|transaction\.commit)$/

/** Beyond the invariants: what only may come of a fault. */
function unexpected(
  { fired = '' }: Pick<Gate, 'fired'>,
  fault: Fault,
  outcome: Outcome,
  rivals: readonly Outcome[],
): readonly string[] {
  const isBusy = (end: Outcome): boolean => end.end === 'rejected' && STILL_BUSY.includes(end.code)
  const wrong = rivals.filter((rival) => rival.end === 'rejected' && !isBusy(rival))
  const isWell = outcome.end === 'resolved' || mayStop(fired, fault, outcome.code)
  return [
    ...wrong.map((rival) => `the other runner stopped: ${rival.said}`),
    ...(isWell ? [] : [`it stopped: ${outcome.said}`]),
  ]
}

function mayStop(fired: string, fault: Fault, code: string): boolean {
  if (fault === 'abort') return code === 'MIG_R0206'
  if (fault === 'busy') return !WAITED_FOR.test(fired)
  return fault !== 'stealLease'
}
