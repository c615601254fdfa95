import type { Transition } from '../search.ts'
import type { Role, Scenario } from '../scenario.ts'
import { type Answer, carryOut } from '../storage.ts'
import type { Request, Runner, World } from '../world.ts'

/** A runner, about to take its next step. */
export interface Turn {
  readonly scenario: Scenario
  readonly world: World
  readonly index: number
  readonly runner: Runner
  readonly role: Role
}

/** The names of an attempt: another one after everything that went wrong. */
export function attemptOf({ index, runner }: Turn): string {
  return `R${index}.${runner.tries}`
}

/** The world after a step that changed the runner. */
export function become({ world, index, runner }: Turn, changes: Partial<Runner>, after: World = world): World {
  return { ...after, runners: after.runners.with(index, { ...runner, ...changes }) }
}

/** A run that plans again, from what the logs say then. */
export function again({ runner }: Turn): Partial<Runner> {
  return {
    at: 'read',
    known: runner.known.map(() => ''),
    read: 0,
    isMoved: false,
    intended: 0,
    named: -1,
    isReread: false,
    isWritten: false,
    place: 0,
  }
}

/** A run that stopped, and is started again. */
export function restarted(turn: Turn): Partial<Runner> {
  return { ...again(turn), at: 'head', tries: turn.runner.tries + 1, met: 0 }
}

/** What the runner is at when it has its answer, or knows that it gets none. */
export interface Then {
  appended(after: World): Partial<Runner>
  readonly taken: Partial<Runner>
  readonly unanswered: Partial<Runner>
}

/** Sends a request: it is answered, or the answer is lost, or it stays on its way. */
export function send(turn: Turn, what: string, request: Request, then: Then): readonly Transition<World>[] {
  const { scenario, world, index } = turn
  const [answer, after] = carryOut(scenario, world, request)
  const answered: Readonly<Record<Answer, () => Partial<Runner>>> = {
    appended: () => then.appended(after),
    taken: () => then.taken,
  }
  const name = `R${index} ${what}`
  const told: Transition<World> = [`${name}: ${answer}`, become(turn, answered[answer](), after)]
  if (world.left.unanswered === 0) return [told]
  const left = { ...world.left, unanswered: world.left.unanswered - 1 }
  const lost: Transition<World> = [
    `${name}: ${answer}, the answer is lost`,
    become(turn, then.unanswered, { ...after, left }),
  ]
  const flight = [...world.flight, request]
  return [told, lost, [`${name}: on its way, no answer`, become(turn, then.unanswered, { ...world, flight, left })]]
}

/** The runner's knowledge when it has appended an entry itself. */
export function knowing({ runner }: Turn, storage: number, entry: string): Pick<Runner, 'known'> {
  return { known: runner.known.with(storage, (runner.known[storage] ?? '') + entry) }
}

export function nextSerial({ runner }: Turn, storage: number): number {
  return (runner.known[storage] ?? '').length
}
