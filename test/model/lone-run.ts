import { arrivals } from './faults.ts'
import { turnsIn } from './runner/turns.ts'
import type { Role, Scenario } from './scenario.ts'
import { ENDED, type World, keyOf, runnerOf } from './world.ts'

/** Of a runner that was not there before: another attempt than all others. */
const NEW = 9

const ASKS = 'it ends with "asks"'

/**
 * Whether a runner that is alone, and that nothing happens to, gets done from here. Who else there was is gone, but
 * their requests may still arrive at any time, or never. Where it asks because a `down` has begun, a `down` ends that.
 *
 * @returns a function that says what is stuck, if anything
 */
export function createLoneRun(scenario: Scenario): (world: World) => string | undefined {
  const builds = scenario.runners.map(({ migrations }) => migrations)
  const migrate: Role = { kind: 'migrate', migrations: Math.max(...builds) }
  const downs = scenario.runners.filter(({ kind }) => kind === 'down')
  const ways = [migrate, ...downs].map((role) => {
    const alone: Scenario = { ...scenario, runners: [role], rules: { ...scenario.rules, reading: 'at once' } }
    return { alone, finishing: new Set<string>() }
  })
  return (world) => {
    const runners = [{ ...runnerOf(scenario.storages), tries: NEW }]
    const start = { ...world, runners, left: { unanswered: 0, crashes: 0, steals: 0, losses: 0 } }
    const stuck = ways.map(
      ({ alone, finishing }) =>
        () =>
          stuckFrom(alone, start, new Set(), finishing),
    )
    const first = stuck[0]?.()
    if (first === undefined || (first === ASKS && stuck.slice(1).some((ask) => ask() === undefined))) return undefined
    return `a runner that is alone does not finish: ${first}`
  }
}

/**
 * Depth first.
 *
 * @param way keys of the worlds that led here: to come back to one is to turn in a circle
 * @param finishing keys of worlds from which every way leads to an end that is good
 */
function stuckFrom(scenario: Scenario, world: World, way: Set<string>, finishing: Set<string>): string | undefined {
  const at = world.runners[0]?.at ?? 'ok'
  if (at === 'ok' || at === 'reverted') return undefined
  const key = keyOf(world)
  if (finishing.has(key)) return undefined
  if (way.has(key)) return 'it turns in a circle'
  const turns = turnsIn(scenario, world)
  const late = arrivals(scenario, world)
  // What it waits for, a statement that runs, comes to an end.
  if (turns.length + late.length === 0) return ENDED.has(at) ? `it ends with "${at}"` : `nothing follows "${at}"`
  way.add(key)
  for (const [, after] of [...turns, ...late]) {
    const stuck = stuckFrom(scenario, after, way, finishing)
    if (stuck) return stuck
  }
  way.delete(key)
  finishing.add(key)
  return undefined
}
