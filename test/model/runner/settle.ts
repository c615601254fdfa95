import { type Entry, codeOf, entriesOf } from '../entry.ts'
import { effectOf, happened, partsOf } from '../effect.ts'
import { hasSettled, unsettledIn } from '../knowledge.ts'
import type { Transition } from '../search.ts'
import { carryOut } from '../storage.ts'
import type { World } from '../world.ts'
import { isDead } from './lock.ts'
import { fieldsOf } from './record.ts'
import { stage, stageName, withoutStage } from './stage.ts'
import { type Turn, again, attemptOf, become, knowing, nextSerial, restarted, send } from './turn.ts'

/** What a committed entry announced, in one participant. */
interface Job {
  readonly committer: number
  readonly serial: number
  readonly participant: number
}

/** Puts in place what is committed and not settled, one participant after the other. @returns nothing where all is */
export function settleOpen(turn: Turn): readonly Transition<World>[] | undefined {
  const { known } = turn.runner
  for (const [committer, log] of known.entries())
    for (const [serial, entry] of unsettledIn(log, committer)) {
      const participant = known.findIndex(
        (other, storage) => (entry.redo & (1 << storage)) !== 0 && !hasSettled(other, committer, serial),
      )
      const late = stageLate(turn, committer, serial, entry)
      if (late) return late
      if (participant < 0) return tellCommitter(turn, committer, serial, entry)
      return takeLock(turn, { committer, serial, participant })
    }
  return undefined
}

/** In the twin that commits first. */
function stageLate(
  turn: Turn,
  storage: number,
  serial: number,
  entry: Entry,
): readonly Transition<World>[] | undefined {
  if (turn.scenario.rules.stage === 'before the commit' || entry.attempt !== attemptOf(turn)) return undefined
  return stage(turn, { storage, serial, entry: codeOf(entry), effect: '' })
}

function takeLock(turn: Turn, job: Job): readonly Transition<World>[] {
  const { world, index } = turn
  const { participant } = job
  if (!isDead(turn, world.locks[participant] ?? '')) return []
  const locks = world.locks.with(participant, attemptOf(turn))
  const settling = { at: 'locked', place: placeOf(job) } as const
  return [[`R${index} takes the lock of T${participant}`, become(turn, settling, { ...world, locks })]]
}

/** Another may have settled meanwhile, and more may have happened since: only the log tells. Then what is staged. */
export function lookUnderLock(turn: Turn): readonly Transition<World>[] {
  const { scenario, world, runner, index } = turn
  const job = jobAt(runner.place)
  const { committer, serial, participant } = job
  const isRead = scenario.rules.settling.log === 'read under the lock'
  const known = isRead ? runner.known.with(participant, world.logs[participant] ?? '') : runner.known
  const { entry, effects } = itemsOf(turn, job)
  const isStaged = (world.stages[participant] ?? '').includes(stageName(entry.attempt, committer, serial))
  const isLost = !isStaged && !isPutEverywhere(world.effects[participant] ?? '', effects)
  const at = hasSettled(known[participant] ?? '', committer, serial) ? 'unlocking' : isLost ? 'damaged' : 'putting'
  const found = at === 'damaged' ? 'nothing staged' : at === 'unlocking' ? 'that it is settled' : 'what is staged'
  return [
    [
      `R${index} looks into T${participant} under the lock and finds ${found}`,
      become(turn, { at, known, isMoved: known[participant] !== runner.known[participant] }),
    ],
  ]
}

/** Replaces items that still hold what they held before. */
export function put(turn: Turn): readonly Transition<World>[] {
  const { scenario, world, runner, index } = turn
  const job = jobAt(runner.place)
  const { entry, effects } = itemsOf(turn, job)
  const there = world.effects[job.participant] ?? ''
  const { last } = happened(there)
  const { put: how } = scenario.rules.settling
  const isOld = (effect: string): boolean => (last.get(effect.slice(0, 2)) ?? 0) % 2 !== entry.generation % 2
  const open =
    how === 'looks, then puts' ? effects.filter((_, item) => runner.read & (1 << item)) : effects.filter(isOld)
  if (how === 'once, with a mark' && isPutEverywhere(there, effects)) return tell(turn, job)
  if (how === 'looks, then puts' && !runner.isReread) {
    const read = effects.reduce((bits, effect, item) => (isOld(effect) ? bits | (1 << item) : bits), 0)
    return [[`R${index} looks at T${job.participant}`, become(turn, { isReread: true, read })]]
  }
  const now = how === 'once, with a mark' ? open : open.slice(0, 1)
  if (now.length === 0) return tell(turn, job)
  const [, after] = carryOut(scenario, world, { storage: job.participant, serial: 0, entry: '', effect: now.join('') })
  const item = effects.indexOf(now[0] ?? '')
  const changes = how === 'looks, then puts' ? { read: runner.read & ~(1 << item) } : {}
  return [
    [
      `R${index} puts ${now.length} of m${entry.id} g${entry.generation} in place in T${job.participant}`,
      become(turn, changes, after),
    ],
  ]
}

function isPutEverywhere(there: string, effects: readonly string[]): boolean {
  const all: readonly string[] = there.match(/.../g) ?? []
  return effects.every((effect) => all.includes(effect))
}

function itemsOf(
  { scenario, runner }: Turn,
  { committer, serial, participant }: Job,
): { readonly entry: Entry; readonly effects: readonly string[] } {
  const entry = entriesOf(runner.known[committer] ?? '')[serial]
  if (!entry) throw new Error('settles what it does not know')
  const parts = partsOf(scenario, entry.id).filter(({ storage }) => storage === participant)
  return { entry, effects: parts.map(({ part }) => effectOf(entry.id, part, entry.generation)) }
}

function tell(turn: Turn, { committer, serial, participant }: Job): readonly Transition<World>[] {
  const entry = codeOf({
    kind: 'settled',
    target: committer,
    names: serial,
    attempt: attemptOf(turn),
    ...fieldsOf(turn, participant, {}),
  })
  const request = { storage: participant, serial: nextSerial(turn, participant), entry, effect: '' }
  return send(turn, `says in T${participant} that T${committer}#${serial} is settled`, request, {
    appended: () => ({ at: 'unlocking', read: 0, isReread: false, ...knowing(turn, participant, entry) }),
    taken: { at: 'locked', read: 0, isReread: false },
    unanswered: restarted(turn),
  })
}

/** Drops the staged work, and gives back the lock where it is still held. */
export function unlock(turn: Turn): readonly Transition<World>[] {
  const { world, runner, index } = turn
  const { committer, serial, participant } = jobAt(runner.place)
  const attempt = entriesOf(runner.known[committer] ?? '')[serial]?.attempt ?? ''
  const isHeld = world.locks[participant] === attemptOf(turn)
  const locks = isHeld ? world.locks.with(participant, '') : world.locks
  const clean = withoutStage({ ...world, locks }, stageName(attempt, committer, serial))
  return [
    [
      `R${index} gives back the lock of T${participant}`,
      // What others wrote meanwhile makes the plan out of date.
      become(turn, runner.isMoved ? again(turn) : { at: 'act', place: 0, read: 0, isReread: false }, clean),
    ],
  ]
}

function tellCommitter(
  turn: Turn,
  committer: number,
  serial: number,
  { attempt }: Entry,
): readonly Transition<World>[] {
  const fields = { target: committer, names: serial, attempt, ...fieldsOf(turn, committer, { kind: 'settled' }) }
  const entry = codeOf({ kind: 'settled', ...fields })
  const request = { storage: committer, serial: nextSerial(turn, committer), entry, effect: '' }
  return send(turn, `says in T${committer} that #${serial} is settled`, request, {
    appended: () => knowing(turn, committer, entry),
    taken: again(turn),
    unanswered: restarted(turn),
  })
}

function placeOf({ committer, serial, participant }: Job): number {
  return (committer * 100 + serial) * 10 + participant
}

function jobAt(place: number): Job {
  const entry = Math.floor(place / 10)
  return { committer: Math.floor(entry / 100), serial: entry % 100, participant: place % 10 }
}
