import { describe, expect, it } from 'vitest'
import { observed } from '../faults/observation.ts'
import type { Role } from '../faults/manifest.ts'
import type { Placement } from '../faults/scenario.ts'
import { useCrowds } from './crowds.ts'
import type { Report, Task } from './member.ts'
import { DISPUTED, type Order } from './order.ts'
import { IN_TARGET, lacks } from './scenarios.ts'

const crowds = useCrowds()
/** Where others wait while one works, or begin behind it: what they do then shows at once. */
const TRANSACTIONS = ['better-sqlite3', 'pg']
/** Applied before its dependency. */
const INCONSISTENT = 'MIG_R0304'

/** Each migration took effect once, in an order that one of the builds has; who stopped was stopped by a policy. */
const judge =
  (roles: readonly Role[]) =>
  async (placement: Placement, reports: readonly Report[]): Promise<readonly string[]> => {
    const storages = await observed(placement)
    const [main, extra] = (['main', 'extra'] as const).map((role) => storages.find((one) => one.role === role))
    const ups = main?.log.flatMap(({ kind, id }) => (kind === 'up' ? [id] : []))
    // What one commits is in both before the next begins.
    const inExtra = roles.includes('extra') ? main?.effects.slice(1) : []
    const stopped = reports.flatMap(({ outcome }) => (outcome.end === 'rejected' ? [outcome] : []))
    return [
      ...(main?.effects.toSorted().join() === DISPUTED.join() ? [] : [`the effects are ${main?.effects.join()}`]),
      ...(main?.effects.join() === ups?.join() ? [] : [`the log has ${ups?.join()}`]),
      ...(extra?.effects.join() === inExtra?.join() ? [] : [`the other storage has ${extra?.effects.join()}`]),
      ...stopped.filter(({ code }) => code !== INCONSISTENT).map(({ said }) => said),
      ...(stopped.length < reports.length ? [] : ['all of them stopped']),
      ...storages.flatMap(({ leftovers }) => leftovers),
    ]
  }

describe.each<readonly [words: string, order: Omit<Order, 'first'>]>([
  ['which only their places say', { isDeclared: false, roles: ['main'] }],
  ['which the later one declares', { isDeclared: true, roles: ['main'] }],
  ['of changes of two storages', { isDeclared: false, roles: ['main', 'extra'] }],
])('N11 two processes of builds that have opposite opinions of an order, %s', (_, order) => {
  const tasks: readonly Task[] = [{ order: { ...order, first: 'one' } }, { order: { ...order, first: 'other' } }]
  const verdict = judge(order.roles)
  for (const one of IN_TARGET)
    it.skipIf(lacks(one))(`do each migration once on ${one.name}`, async () => {
      for (const turned of [tasks, tasks.toReversed()]) expect(await crowds.run(one, turned, verdict)).toEqual([])
    })
  for (const one of IN_TARGET.filter(({ scenario }) => TRANSACTIONS.includes(scenario.main)))
    it.skipIf(lacks(one))(`commit one twice on ${one.name}, where no serial is ever taken`, async () => {
      const unprotected = [...tasks, ...tasks, ...tasks].map((task) => ({ ...task, unprotected: true as const }))
      expect(await crowds.run(one, unprotected, verdict)).not.toEqual([])
    })
})
