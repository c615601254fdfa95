import { type Entry, codeOf } from '../entry.ts'
import type { Transition } from '../search.ts'
import type { World } from '../world.ts'
import { fieldsOf } from './record.ts'
import { type Turn, again, attemptOf, become, restarted, send } from './turn.ts'

/** What an `up` does about the `down` that an open intent announces. */
export function meet(turn: Turn, { target, names }: Entry): readonly Transition<World>[] {
  const { scenario, index } = turn
  if (scenario.rules.intents.met === 'waited for')
    return [[`R${index} waits for T${target}#${names}`, become(turn, again(turn))]]
  const entry = codeOf({ kind: 'checked', target, attempt: attemptOf(turn), ...fieldsOf(turn, target, {}) })
  return send(
    turn,
    `fences T${target}#${names}`,
    { storage: target, serial: names, entry, effect: '' },
    {
      appended: () => again(turn),
      taken: again(turn),
      unanswered: restarted(turn),
    },
  )
}
