import type { Adapter } from '../../src/runtime/adapter.ts'
import { type Placed, type Placement, connected } from '../faults/scenario.ts'
import { type Report, type Task, joinedWith } from './member.ts'

type Wrap = (adapter: Adapter, placed: Placed) => Adapter

/**
 * Runs in this process that begin at once, on one client of each storage, as those of one server do.
 *
 * @param wrap what each of them sees instead of the adapter itself
 */
export async function crowdHere(
  placement: Placement,
  tasks: readonly Task[],
  wrap: () => Wrap = () => (adapter) => adapter,
): Promise<readonly Report[]> {
  const { options, end } = await connected(placement, (adapter) => adapter)
  const members = tasks.map((task) => {
    const own = wrap()
    const adapters = Object.entries(options.adapters).map(([role, adapter]) => {
      const one = placement.find((placed) => placed.role === role)
      return [role, one ? own(adapter, one) : adapter] as const
    })
    return joinedWith(placement, { ...options, adapters: Object.fromEntries(adapters) }, task)
  })
  const reports = await Promise.all(members.map((go) => go()))
  await end()
  return reports
}
