import { codeOf } from '../entry.ts'
import { isApplied, isBegun, targetsOf } from '../knowledge.ts'
import type { Scenario } from '../scenario.ts'
import type { Transition } from '../search.ts'
import type { World } from '../world.ts'
import { end } from './act.ts'
import { commit } from './commit.ts'
import { fieldsOf } from './record.ts'
import { type Turn, again, attemptOf, become, knowing, nextSerial, restarted, send } from './turn.ts'
import { nextUnit } from './unit.ts'

/** A `down` that others fence as often gives up; without an end there would be logs of any length. */
const ROUNDS = 2

/** Takes a migration back: first an intent on every other target where a dependent could run. */
export function revert(turn: Turn, id: number): readonly Transition<World>[] {
  const { scenario, runner, world, index } = turn
  const { intents } = scenario.rules
  if (runner.hasReverted || !isApplied(scenario, runner.known, id)) return end(turn, 'reverted')
  if (hasDependent(turn, id)) return end(turn, 'refused')
  const unit = nextUnit(turn, id)
  // Once a part is taken back its entry says so to everybody.
  if (isBegun(scenario, runner.known, id) && intents.begun === 'counts') return commit(turn, unit)
  const isAnnounced = runner.named >= 0
  const next = announcedOn(turn, id, unit.storage).find((target) => (runner.intended & (1 << target)) === 0)
  if (!isAnnounced && runner.rounds === ROUNDS) return end(turn, 'refused')
  if (next !== undefined) return announce(turn, id, next, isAnnounced ? runner.named : unit.serial, unit.storage)
  if (isAnnounced && intents.readAgain && !runner.isReread)
    return [[`R${index} reads again`, become(turn, { at: 'read', isReread: true })]]
  if (intents.down === 'next serial') return commit(turn, { ...unit, serial: (world.logs[unit.storage] ?? '').length })
  if (isAnnounced && runner.named !== unit.serial) return [[`R${index} plans again`, become(turn, again(turn))]]
  return commit(turn, unit)
}

/** Whether something that depends on it is in the way, or something unknown that may. */
function hasDependent({ scenario, runner, role }: Turn, id: number): boolean {
  const { begun, unknown } = scenario.rules.intents
  return scenario.migrations.some(({ parents }, other) => {
    const isThere =
      isApplied(scenario, runner.known, other) || (begun === 'counts' && isBegun(scenario, runner.known, other))
    if (other >= role.migrations) return unknown === 'stop' && isThere
    return parents.includes(id) && isThere
  })
}

/** @param own where the first entry of the `down` goes: there its serial is enough */
function announcedOn({ scenario, role }: Turn, id: number, own: number): readonly number[] {
  const targets = announcementsOf(scenario, id, role.migrations)
  return [...new Set(targets)].filter((target) => target !== own)
}

function announcementsOf(scenario: Scenario, id: number, build: number): readonly number[] {
  const ids = [...scenario.migrations.keys()]
  switch (scenario.rules.intents.on) {
    case 'no target':
      return []
    case 'all targets':
      return ids.flatMap((other) => targetsOf(scenario, other))
    case 'targets of known dependents':
      return ids
        .filter((other) => other < build && scenario.migrations[other]?.parents.includes(id))
        .flatMap((other) => targetsOf(scenario, other))
  }
}

function announce(turn: Turn, id: number, on: number, named: number, target: number): readonly Transition<World>[] {
  const { scenario, runner, world } = turn
  const isPlanned = scenario.rules.intents.at === 'planned serial'
  const serial = isPlanned ? nextSerial(turn, on) : (world.logs[on] ?? '').length
  const entry = codeOf({
    kind: 'intent',
    id,
    target,
    names: named,
    attempt: attemptOf(turn),
    ...fieldsOf(turn, on, { kind: 'intent' }),
  })
  return send(
    turn,
    `announces the down of m${id} as T${target}#${named} in T${on}`,
    { storage: on, serial, entry, effect: '' },
    {
      appended: () => ({
        intended: runner.intended | (1 << on),
        named,
        rounds: runner.named < 0 ? runner.rounds + 1 : runner.rounds,
        // Who appends wherever there is room has not looked at what came before.
        ...(isPlanned ? knowing(turn, on, entry) : {}),
      }),
      taken: again(turn),
      unanswered: restarted(turn),
    },
  )
}
