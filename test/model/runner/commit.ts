import { entriesOf, textsOf } from '../entry.ts'
import type { Transition } from '../search.ts'
import type { Request, Runner, World } from '../world.ts'
import { stage, stageName, withoutStage } from './stage.ts'
import { type Turn, again, attemptOf, become, knowing, nextSerial, restarted, send } from './turn.ts'

/** Staged work first; then entry and effect as one, or, in the twins, one after the other. */
export function commit(turn: Turn, request: Request): readonly Transition<World>[] {
  const { entry, storage, serial } = request
  const { commit: how, stage: when } = turn.scenario.rules
  const staging = when === 'before the commit' ? stage(turn, request) : undefined
  if (staging) return staging
  if (how === 'atomic') return sendCommit(turn, request)
  const isEffectNext = (how === 'effect first') === !turn.runner.isWritten
  const rest = { isWritten: true }
  const whole = { isWritten: false, ...knowing(turn, storage, entry) }
  const then = {
    appended: () => (turn.runner.isWritten ? whole : rest),
    taken: again(turn),
    unanswered: restarted(turn),
  }
  if (isEffectNext)
    return send(turn, `changes T${storage} for ${textsOf(entry)}, without the entry`, { ...request, entry: '' }, then)
  return send(
    turn,
    `appends ${textsOf(entry)} as T${storage}#${serial}, without the effect`,
    { ...request, effect: '' },
    then,
  )
}

function sendCommit(turn: Turn, request: Request): readonly Transition<World>[] {
  const { entry, storage, serial } = request
  const own = stageName(attemptOf(turn), storage, serial)
  const transitions = send(turn, `commits ${textsOf(entry)} as T${storage}#${serial}`, request, {
    appended: () => ({ ...knowing(turn, storage, entry), ...remembering(turn, entry) }),
    taken: again(turn),
    unanswered: withoutAnswer(turn, request),
  })
  const isTaken = turn.world.logs[storage] !== turn.runner.known[storage]
  // Whoever knows that it lost drops what it staged.
  return isTaken
    ? transitions.map(([what, after], place) => [what, place === 0 ? withoutStage(after, own) : after])
    : transitions
}

/** What a runner remembers of its own commit; and the steps that it has done, where it does not ask the log for them. */
function remembering({ scenario, runner }: Turn, entry: string): Partial<Runner> {
  const kind = entriesOf(entry)[0]?.kind
  if (kind === 'down') return { hasReverted: true }
  return scenario.rules.steps === 'start again' && kind === 'step' ? { place: runner.place + 1 } : {}
}

function withoutAnswer(turn: Turn, { storage, entry }: Request): Partial<Runner> {
  const tries = turn.runner.tries + 1
  switch (turn.scenario.rules.unanswered) {
    case 'reads the log':
      return { at: 'unclear', place: storage }
    case 'tries again':
      return { tries }
    case 'goes on':
      return knowing(turn, storage, entry)
  }
}

/** An error says nothing about the commit: only the log knows (`outcomeAfter` in `unit.ts`). */
export function look(turn: Turn): readonly Transition<World>[] {
  const { world, runner, index } = turn
  const storage = runner.place
  const found = entriesOf(world.logs[storage] ?? '')[nextSerial(turn, storage)]
  const isOwn = found?.attempt === attemptOf(turn)
  const known = runner.known.with(storage, world.logs[storage] ?? '')
  const own = { at: 'act' as const, place: 0, known, hasReverted: found?.kind === 'down' }
  const isAlone = known[storage]?.length === nextSerial(turn, storage) + 1
  const changes = isOwn
    ? { ...own, ...(isAlone ? {} : { at: 'read' as const }) }
    : found
      ? again(turn)
      : restarted(turn)
  const seen = found ? (isOwn ? 'its own entry' : 'the entry of another') : 'nothing, and fails'
  return [[`R${index} looks into the log of T${storage} and finds ${seen}`, become(turn, changes)]]
}
