import { textsOf } from './entry.ts'
import { isDead } from './runner/lock.ts'
import { attemptOf, restarted } from './runner/turn.ts'
import type { Scenario } from './scenario.ts'
import type { Transition } from './search.ts'
import { carryOut } from './storage.ts'
import { ENDED, type World } from './world.ts'

/** What may happen at any moment without anybody doing it. */
export function faultsIn(scenario: Scenario, world: World): readonly Transition<World>[] {
  return [
    ...arrivals(scenario, world),
    ...crashes(scenario, world),
    ...steals(scenario, world),
    ...losses(scenario, world),
  ]
}

/** A request that was on its way is carried out, however late; or it never is, which is to do nothing. */
export function arrivals(scenario: Scenario, world: World): readonly Transition<World>[] {
  return world.flight.map((request, place) => {
    const [answer, after] = carryOut(scenario, world, request)
    const waiting = world.runners.findIndex(
      ({ at, tries }, index) => at === 'waiting' && `R${index}.${tries}` === request.by,
    )
    const runners = world.runners.map((runner, index) =>
      index === waiting ? { ...runner, at: 'executed' as const } : runner,
    )
    const late = waiting < 0 ? ', late' : ''
    const what = `T${request.storage} carries out ${textsOf(request.entry) || 'a statement'}${late}: ${answer}`
    return [what, { ...after, runners, flight: world.flight.toSpliced(place, 1) }]
  })
}

function crashes(scenario: Scenario, world: World): readonly Transition<World>[] {
  if (world.left.crashes === 0) return []
  const left = { ...world.left, crashes: world.left.crashes - 1 }
  return world.runners.flatMap((runner, index) => {
    const role = scenario.runners[index]
    if (!role || ENDED.has(runner.at)) return []
    const again = { ...runner, ...restarted({ scenario, world, index, runner, role }) }
    return [[`R${index} dies and starts again`, { ...world, left, runners: world.runners.with(index, again) }]]
  })
}

/** The lock of a participant, where it is no more than a lease, goes to others while its holder believes to have it. */
function steals(scenario: Scenario, world: World): readonly Transition<World>[] {
  if (world.left.steals === 0 || scenario.rules.settling.lock === 'of the living') return []
  const left = { ...world.left, steals: world.left.steals - 1 }
  return world.runners.flatMap((runner, index) => {
    const role = scenario.runners[index]
    if (!role) return []
    const turn = { scenario, world, index, runner, role }
    return world.locks.flatMap((holder, storage): readonly Transition<World>[] => {
      if (holder !== attemptOf(turn) || isDead(turn, holder)) return []
      return [[`R${index} loses the lock of T${storage}`, { ...world, left, locks: world.locks.with(storage, '') }]]
    })
  })
}

/** The log of the state vanishes, or an older copy comes back. */
function losses({ state }: Scenario, world: World): readonly Transition<World>[] {
  if (world.left.losses === 0 || state === null) return []
  const left = { ...world.left, losses: world.left.losses - 1 }
  const log = world.logs[state] ?? ''
  return Array.from(log, (_, length) => [
    length === 0 ? `the state in T${state} is lost` : `T${state} gets back a copy of ${length} entries`,
    { ...world, left, logs: world.logs.with(state, log.slice(0, length)) },
  ])
}
