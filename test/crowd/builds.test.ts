import { describe, expect, it } from 'vitest'
import { observed } from '../faults/observation.ts'
import type { Placement } from '../faults/scenario.ts'
import { useCrowds } from './crowds.ts'
import type { Report, Task } from './member.ts'
import { DISPUTED } from './order.ts'
import { IN_TARGET, lacks } from './scenarios.ts'

const crowds = useCrowds()
/** Where others wait while one works, or begin behind it: what they do then shows at once. */
const TRANSACTIONS = ['better-sqlite3', 'pg']
/** Applied before its dependency. */
const INCONSISTENT = 'MIG_R0304'

/** Each migration took effect once, in an order that one of the builds has; who stopped was stopped by a policy. */
async function judge(placement: Placement, reports: readonly Report[]): Promise<readonly string[]> {
  const storages = await observed(placement)
  const main = storages.find(({ role }) => role === 'main')
  const ups = main?.log.flatMap(({ kind, id }) => (kind === 'up' ? [id] : []))
  const stopped = reports.flatMap(({ outcome }) => (outcome.end === 'rejected' ? [outcome] : []))
  return [
    ...(main?.effects.toSorted().join() === DISPUTED.join() ? [] : [`the effects are ${main?.effects.join()}`]),
    ...(main?.effects.join() === ups?.join() ? [] : [`the log has ${ups?.join()}`]),
    ...stopped.filter(({ code }) => code !== INCONSISTENT).map(({ said }) => said),
    ...(stopped.length < reports.length ? [] : ['all of them stopped']),
    ...storages.flatMap(({ leftovers }) => leftovers),
  ]
}

describe.each([
  ['which only their places say', false],
  ['which the later one declares', true],
] as const)('N11 two processes of builds that have opposite opinions of an order, %s', (_, isDeclared) => {
  const tasks: readonly Task[] = [{ order: { first: 'one', isDeclared } }, { order: { first: 'other', isDeclared } }]
  for (const one of IN_TARGET)
    it.skipIf(lacks(one))(`do each migration once on ${one.name}`, async () => {
      for (const turned of [tasks, tasks.toReversed()]) expect(await crowds.run(one, turned, judge)).toEqual([])
    })
  for (const one of IN_TARGET.filter(({ scenario }) => TRANSACTIONS.includes(scenario.main)))
    it.skipIf(lacks(one))(`commit one twice on ${one.name}, where no serial is ever taken`, async () => {
      const unprotected = [...tasks, ...tasks, ...tasks].map((task) => ({ ...task, unprotected: true as const }))
      expect(await crowds.run(one, unprotected, judge)).not.toEqual([])
    })
})
