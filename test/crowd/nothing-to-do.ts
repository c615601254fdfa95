import { expect } from 'vitest'
import { Gate } from '../faults/gate.ts'
import { observed } from '../faults/observation.ts'
import { NEVER } from '../faults/plan.ts'
import { runOnce } from '../faults/run.ts'
import type { Placement } from '../faults/scenario.ts'
import { watched } from '../faults/watched.ts'
import { times } from './crowds.ts'
import { crowdHere } from './in-one-process.ts'
import type { Task } from './member.ts'

/** Logical clients of migrated storages at once: each reads the last entry of each storage, and does nothing else. */
export async function readsOnce(placement: Placement, clients: number): Promise<void> {
  await runOnce(placement)
  const logs = (await observed(placement)).map(({ log }) => log)
  const gates: Gate[] = []
  const reports = await crowdHere(placement, times<Task>(clients, {}), () => {
    const gate = new Gate(NEVER, (_, call) => call())
    gates.push(gate)
    return (adapter, { role }) => watched(adapter, role, gate)
  })
  const ends = reports.map(({ outcome }) => (outcome.end === 'resolved' ? outcome.outcome : outcome.message))
  expect(ends).toEqual(times(clients, 'current'))
  const calls = gates.map(({ passed }) => passed.toSorted().join())
  expect(calls).toEqual(times(clients, 'extra.log.head,main.log.head'))
  expect((await observed(placement)).map(({ log }) => log)).toEqual(logs)
}
