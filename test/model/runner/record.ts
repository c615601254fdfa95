import { type Entry, codeOf, entriesOf } from '../entry.ts'
import { generationIn, isApplied, lastOf, unsettledIn } from '../knowledge.ts'
import type { Transition } from '../search.ts'
import type { World } from '../world.ts'
import { type Turn, again, attemptOf, knowing, nextSerial, restarted, send } from './turn.ts'

type Fields = Pick<Entry, 'open' | 'satisfied' | 'seen'>

/** What every entry hands on from the one before; in the state's log also what it says about all targets. */
export function fieldsOf(turn: Turn, storage: number, next: Partial<Entry>): Fields {
  const { scenario, runner, role } = turn
  const last = lastOf(runner.known[storage])
  const open = (last?.open ?? 0) + (next.redo ? 1 : 0) - (next.kind === 'settled' ? 1 : 0)
  if (storage !== scenario.state) return { open, satisfied: 0, seen: '' }
  const before = next.kind === 'down' ? 0 : (last?.satisfied ?? 0)
  const isOpen = (next.redo ?? 0) > 0 && scenario.rules.key === 'when settled'
  const isComplete = role.kind === 'migrate' && !isOpen && isCompleteWith(turn, next)
  return { open, satisfied: isComplete ? before | (1 << role.migrations) : before, seen: seenBy(turn) }
}

/** Whether nothing is left for this build after an entry. */
function isCompleteWith({ scenario, runner, role }: Turn, { kind, id }: Partial<Entry>): boolean {
  const ids = [...scenario.migrations.keys()].filter((other) => other < role.migrations)
  const isOpen = runner.known.reduce((sum, log, storage) => sum + unsettledIn(log, storage).length, 0)
  if (isOpen > (kind === 'settled' ? 1 : 0)) return false
  return ids.every((other) => isApplied(scenario, runner.known, other) || (kind === 'up' && other === id))
}

/** The serial of every target's last entry, but that of the state's own storage. */
function seenBy({ scenario, runner }: Turn): string {
  const lengths = runner.known.map((log, storage) => (storage === scenario.state ? '' : log.length))
  return lengths.join('-')
}

/** Whether the last entries alone tell that there is nothing to do. */
export function isCurrent(turn: Turn): boolean {
  const { scenario, runner, role } = turn
  if (scenario.state === null) return true
  const last = lastOf(runner.known[scenario.state])
  const { fastPath } = scenario.rules
  const isOpen = runner.known.some((log) => (lastOf(log)?.open ?? 0) > 0)
  return (
    last !== undefined &&
    (last.satisfied & (1 << role.migrations)) !== 0 &&
    (fastPath === 'ignores open work' || !isOpen) &&
    (fastPath === 'ignores serials' || last.seen === seenBy(turn))
  )
}

/** Writes the records that the state lacks. @returns nothing where it lacks none */
export function recordMissing(turn: Turn): readonly Transition<World>[] | undefined {
  const { scenario, runner } = turn
  const { state } = scenario
  if (state === null) return undefined
  const missing = runner.known.flatMap((log, storage) =>
    storage === state ? [] : entriesOf(log).filter((entry) => lacks(runner.known[state] ?? '', storage, entry)),
  )
  if (missing.length === 0) return undefined
  const kind = missing.some((entry) => entry.kind === 'down') ? 'down' : 'checked'
  const fields = { redo: 0, ...fieldsOf(turn, state, { kind }) }
  return append(turn, 'records', missing.map((entry) => codeOf({ ...entry, ...fields })).join(''))
}

function lacks(log: string, storage: number, { kind, id, target, generation }: Entry): boolean {
  return (kind === 'up' || kind === 'down') && target === storage && generation > generationIn(log, storage, id)
}

/** Says in the state's log that the work of this build is complete. */
export function recordComplete(turn: Turn): readonly Transition<World>[] {
  const state = turn.scenario.state ?? 0
  const fields = { target: state, attempt: attemptOf(turn), ...fieldsOf(turn, state, {}) }
  return append(turn, 'says that all is done', codeOf({ kind: 'checked', ...fields }))
}

function append(turn: Turn, what: string, entry: string): readonly Transition<World>[] {
  const state = turn.scenario.state ?? 0
  return send(
    turn,
    `${what} in T${state}`,
    { storage: state, serial: nextSerial(turn, state), entry, effect: '' },
    {
      appended: () => knowing(turn, state, entry),
      taken: again(turn),
      unanswered: restarted(turn),
    },
  )
}
