import { presenceIn } from './effect.ts'
import { faultsIn } from './faults.ts'
import { createLoneRun } from './lone-run.ts'
import { brokenProperty, wrongAnswer } from './properties.ts'
import { turnsIn } from './runner/turns.ts'
import type { Role, Scenario } from './scenario.ts'
import type { Model, Transition } from './search.ts'
import { ENDED, type Runner, type World, keyOf, runnerOf, surroundingsOf } from './world.ts'

/** A scenario as something that can be searched. */
export function modelOf(scenario: Scenario): Model<World> {
  const stuck = createLoneRun(scenario)
  /** Most of what is wrong with a world has nothing to do with its runners, and many worlds differ in them alone. */
  const right = new Set<string>()
  return {
    initial: worldOf(scenario, scenario.runners),
    keyOf,
    next: (world) => nextIn(scenario, world),
    violation(world) {
      const surroundings = surroundingsOf(world)
      if (right.has(surroundings)) return wrongAnswer(scenario, world)
      const wrong = brokenProperty(scenario, world) ?? wrongAnswer(scenario, world) ?? stuck(world)
      if (wrong === undefined) right.add(surroundings)
      return wrong
    },
  }
}

export function nextIn(scenario: Scenario, world: World): readonly Transition<World>[] {
  const transitions = [...turnsIn(scenario, world), ...faultsIn(scenario, world)]
  return transitions.map(([what, after]) => [what, noted(scenario, world, after)])
}

/** Nothing is there yet: but what `runners` begin with. */
export function worldOf({ storages, faults }: Scenario, runners: readonly Role[]): World {
  const empty = Array.from({ length: storages }, () => '')
  return {
    logs: empty,
    effects: empty,
    stages: empty,
    locks: empty,
    flight: [],
    runners: runners.map(() => runnerOf(storages)),
    left: faults,
  }
}

/** Notes for every run what was in place while it was at work. */
function noted(scenario: Scenario, before: World, after: World): World {
  const { whole } = presenceIn(scenario, after)
  if (after.runners.every((runner) => !isAtWork(runner) || (runner.met | whole) === runner.met)) return after
  const runners = after.runners.map((runner, index) => {
    if (runner === before.runners[index] && after.effects === before.effects) return runner
    return isAtWork(runner) && (runner.met | whole) !== runner.met ? { ...runner, met: runner.met | whole } : runner
  })
  return { ...after, runners }
}

function isAtWork({ at, read }: Runner): boolean {
  return !ENDED.has(at) && (at !== 'head' || read > 0)
}
