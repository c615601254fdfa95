import { entriesOf } from './entry.ts'
import type { Scenario } from './scenario.ts'
import type { Request, World } from './world.ts'

export type Answer = 'appended' | 'taken'

/** A storage carries out a request as a whole: entry and effect, or nothing. */
export function carryOut({ rules }: Scenario, world: World, request: Request): readonly [Answer, World] {
  const { storage, entry, effect } = request
  const log = world.logs[storage] ?? ''
  if (entry && !accepts(rules.append, log, request)) return ['taken', world]
  return [
    'appended',
    {
      ...world,
      logs: replaced(world.logs, storage, log + entry),
      effects: effect ? replaced(world.effects, storage, (world.effects[storage] ?? '') + effect) : world.effects,
    },
  ]
}

function accepts(demand: Scenario['rules']['append'], log: string, { serial, entry }: Request): boolean {
  if (demand === 'next serial') return log.length === serial
  const [wanted] = entriesOf(entry)
  if (demand === 'anything' || !wanted || wanted.generation === 0) return true
  return !entriesOf(log).some(
    ({ target, id, generation }) => target === wanted.target && id === wanted.id && generation === wanted.generation,
  )
}

export function replaced<Item>(items: readonly Item[], place: number, item: Item): readonly Item[] {
  return items.with(place, item)
}
