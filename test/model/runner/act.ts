import { isApplied, isBegun, openIntent, targetsOf } from '../knowledge.ts'
import type { Transition } from '../search.ts'
import type { Phase, World } from '../world.ts'
import { commit } from './commit.ts'
import { meet } from './meet.ts'
import { isCurrent, recordComplete, recordMissing } from './record.ts'
import { revert } from './revert.ts'
import { settleOpen } from './settle.ts'
import { discardOrphans } from './stage.ts'
import { released, runStatements } from './statement.ts'
import { type Turn, again, become } from './turn.ts'
import { nextUnit } from './unit.ts'

/** What the logs ask for, as far as this runner knows them. */
export function act(turn: Turn): readonly Transition<World>[] {
  if (isInconsistent(turn)) {
    const { index, scenario } = turn
    if (scenario.rules.inconsistent === 'stops') return end(turn, 'inconsistent')
    return [[`R${index} finds an inconsistent history`, become(turn, again(turn))]]
  }
  return settleOpen(turn) ?? recordMissing(turn) ?? work(turn)
}

/** By a declared edge, as far as this runner knows the logs. */
function isInconsistent({ scenario, runner }: Turn): boolean {
  return scenario.migrations.some(
    ({ parents }, id) =>
      isApplied(scenario, runner.known, id) && parents.some((parent) => !isApplied(scenario, runner.known, parent)),
  )
}

function work(turn: Turn): readonly Transition<World>[] {
  const { scenario, runner, role } = turn
  const { known } = runner
  if (role.kind === 'down') return revert(turn, role.id)
  const ids = [...scenario.migrations.keys()].filter((id) => id < role.migrations)
  const pending = ids.find((id) => !isApplied(scenario, known, id))
  const isCounted = scenario.rules.intents.begun === 'counts'
  if (isCounted && ids.some((id) => isApplied(scenario, known, id) && isBegun(scenario, known, id)))
    return end(turn, 'asks')
  if (pending !== undefined) return apply(turn, pending)
  return discardOrphans(turn) ?? (isCurrent(turn) ? end(turn, 'ok') : recordComplete(turn))
}

function apply(turn: Turn, id: number): readonly Transition<World>[] {
  const { scenario, runner } = turn
  if (scenario.rules.intents.met !== 'ignored')
    for (const target of targetsOf(scenario, id)) {
      const intent = openIntent(scenario, runner.known, target, id)
      if (intent) return meet(turn, intent)
    }
  return runStatements(turn, id) ?? commit(turn, nextUnit(turn, id))
}

export function end(turn: Turn, at: Phase): readonly Transition<World>[] {
  const { runner, index } = turn
  const known = runner.known.map(() => '')
  const ended = { at, known, intended: 0, named: -1, isReread: false, place: 0 }
  return [[`R${index} ends: ${at}`, become(turn, ended, released(turn))]]
}
