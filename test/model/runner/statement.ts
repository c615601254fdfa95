import { type Entry, codeOf, entriesOf } from '../entry.ts'
import { effectOf, happened } from '../effect.ts'
import { generationIn } from '../knowledge.ts'
import type { Transition } from '../search.ts'
import type { World } from '../world.ts'
import { isDead } from './lock.ts'
import { fieldsOf } from './record.ts'
import { type Turn, again, attemptOf, become, knowing, nextSerial, restarted, send } from './turn.ts'

/**
 * Statements that commit one by one: `begin`, the statement, `end`. What has begun and not ended is unclear, and nobody
 * but a person can tell.
 *
 * @returns nothing where all have ended
 */
export function runStatements(turn: Turn, id: number): readonly Transition<World>[] | undefined {
  const { scenario, world, runner, index } = turn
  const { committer = 0, statements = 0 } = scenario.migrations[id] ?? {}
  if (statements === 0) return undefined
  const isHeld = world.locks[committer] === attemptOf(turn)
  if (scenario.rules.drain !== 'nobody' && !isHeld) {
    if (!isDrained(turn, committer)) return []
    const locks = world.locks.with(committer, attemptOf(turn))
    return [[`R${index} takes the session lock of T${committer}`, become(turn, again(turn), { ...world, locks })]]
  }
  const statement = Array.from({ length: statements }, (_, place) => place).find(
    (place) => journal(turn, id, place)?.kind !== 'end',
  )
  if (statement === undefined) return undefined
  if (journal(turn, id, statement)?.kind !== 'begin') return note(turn, id, statement, 'begin')
  if (runner.place === statement + 1) return execute(turn, id, statement)
  return [
    [
      `R${index} asks what became of statement ${statement}`,
      become(turn, { ...again(turn), at: 'human' }, released(turn)),
    ],
  ]
}

/** Whether no statement runs any more: the storage frees the lock only when the last of its holder has ended. */
function isDrained(turn: Turn, storage: number): boolean {
  const holder = turn.world.locks[storage] ?? ''
  const isBusy = turn.world.flight.some((request) => request.storage === storage && request.by === holder)
  return holder === '' || (isDead(turn, holder) && !isBusy)
}

/** The last entry about a statement: begun, ended, or said not to have taken effect. */
function journal({ scenario, runner }: Turn, id: number, statement: number, logs = runner.known): Entry | undefined {
  const committer = scenario.migrations[id]?.committer ?? 0
  return entriesOf(logs[committer] ?? '').findLast((entry) => entry.id === id && entry.step === statement)
}

function note(turn: Turn, id: number, statement: number, kind: 'begin' | 'end'): readonly Transition<World>[] {
  const storage = turn.scenario.migrations[id]?.committer ?? 0
  const entry = journalEntry(turn, id, statement, kind)
  const place = kind === 'begin' ? statement + 1 : 0
  return send(
    turn,
    `notes ${kind} of statement ${statement}`,
    { storage, serial: nextSerial(turn, storage), entry, effect: '' },
    {
      appended: () => ({ at: 'act', place, ...knowing(turn, storage, entry) }),
      taken: again(turn),
      unanswered: restarted(turn),
    },
  )
}

function journalEntry(turn: Turn, id: number, step: number, kind: Entry['kind']): string {
  const target = turn.scenario.migrations[id]?.committer ?? 0
  const generation = generationIn(turn.runner.known[target] ?? '', target, id) + 1
  return codeOf({ kind, id, target, generation, step, attempt: attemptOf(turn), ...fieldsOf(turn, target, {}) })
}

function execute(turn: Turn, id: number, statement: number): readonly Transition<World>[] {
  const { scenario, world, index } = turn
  const storage = scenario.migrations[id]?.committer ?? 0
  const request = { storage, serial: -1, entry: '', effect: effectOf(id, statement, 1), by: attemptOf(turn) }
  const flight = [...world.flight, request]
  return [[`R${index} sends statement ${statement}`, become(turn, { at: 'waiting' }, { ...world, flight })]]
}

/** The answer may not come: then the statement may run all the same, at any time. */
export function wait(turn: Turn): readonly Transition<World>[] {
  const { world, index } = turn
  if (world.left.unanswered === 0) return []
  const left = { ...world.left, unanswered: world.left.unanswered - 1 }
  return [[`R${index} loses its connection`, become(turn, restarted(turn), { ...world, left })]]
}

/** The answer has come. */
export function noteEnd(turn: Turn): readonly Transition<World>[] {
  const id = turn.scenario.migrations.findIndex(({ statements }) => statements > 0)
  return note(turn, id, turn.runner.place - 1, 'end')
}

/** Somebody looks into the target and says what became of it; `resolve` waits for the lock, too. */
export function resolve(turn: Turn): readonly Transition<World>[] {
  const { scenario, world } = turn
  const id = scenario.migrations.findIndex(({ statements }) => statements > 0)
  const { committer = 0, statements = 0 } = scenario.migrations[id] ?? {}
  if (scenario.rules.drain === 'runners and people' && !isDrained(turn, committer)) return []
  const unclear = Array.from({ length: statements }, (_, place) => place).find(
    (place) => journal(turn, id, place, world.logs)?.kind === 'begin',
  )
  if (unclear === undefined) return [['somebody finds nothing to resolve', become(turn, again(turn))]]
  const isThere = happened(world.effects[committer] ?? '').last.has(`${id}${unclear}`)
  const entry = journalEntry(turn, id, unclear, isThere ? 'end' : 'checked')
  const logs = world.logs.with(committer, world.logs[committer] + entry)
  const what = `somebody says that statement ${unclear} took ${isThere ? 'effect' : 'no effect'}`
  return [[what, become(turn, again(turn), { ...world, logs })]]
}

/** The world without the locks of a runner. */
export function released(turn: Turn): World {
  const own = attemptOf(turn)
  return { ...turn.world, locks: turn.world.locks.map((holder) => (holder === own ? '' : holder)) }
}
