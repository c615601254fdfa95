import type { Scenario } from '../scenario.ts'
import type { Transition } from '../search.ts'
import type { Phase, World } from '../world.ts'
import { act } from './act.ts'
import { look } from './commit.ts'
import { head, read } from './read.ts'
import { lookUnderLock, put, unlock } from './settle.ts'
import { noteEnd, resolve, wait } from './statement.ts'
import type { Turn } from './turn.ts'

const PHASES: Readonly<Record<Phase, (turn: Turn) => readonly Transition<World>[]>> = {
  head,
  read,
  act,
  unclear: look,
  locked: lookUnderLock,
  putting: put,
  unlocking: unlock,
  waiting: wait,
  executed: noteEnd,
  human: resolve,
  ok: () => [],
  reverted: () => [],
  refused: () => [],
  asks: () => [],
  damaged: () => [],
  inconsistent: () => [],
}

/** What any of the runners may do next. */
export function turnsIn(scenario: Scenario, world: World): readonly Transition<World>[] {
  return world.runners.flatMap((runner, index) => {
    const role = scenario.runners[index]
    return role ? PHASES[runner.at]({ scenario, world, index, runner, role }) : []
  })
}
