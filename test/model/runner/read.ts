import type { Transition } from '../search.ts'
import type { World } from '../world.ts'
import { isCurrent } from './record.ts'
import { type Turn, again, become } from './turn.ts'

/** Reads the logs; then the runner knows enough to act. */
export function read(turn: Turn): readonly Transition<World>[] {
  const { scenario, world, index } = turn
  switch (scenario.rules.reading) {
    case 'at once':
      return [[`R${index} reads all logs`, become(turn, { at: 'act', known: world.logs })]]
    case 'one after the other':
      return unread(turn).map((storage) => readOne(turn, storage, false))
    case 'until nothing is new':
      return unread(turn)
        .slice(0, 1)
        .map((storage) => readOne(turn, storage, true))
  }
}

/** The fast path: last entries tell that there is nothing to do, or whole logs are read. */
export function head(turn: Turn): readonly Transition<World>[] {
  const { world, runner, index } = turn
  if (turn.scenario.rules.fastPath === 'none') return read({ ...turn, runner: { ...runner, at: 'read' } })
  return unread(turn).map((storage) => {
    const known = runner.known.with(storage, world.logs[storage] ?? '')
    const rest = unread(turn).length - 1
    const isReady = rest === 0 && turn.role.kind === 'migrate' && isCurrent({ ...turn, runner: { ...runner, known } })
    const next = rest > 0 ? { known, read: runner.read | (1 << storage) } : again(turn)
    const told = isReady ? ', and has nothing to do' : ''
    return [
      `R${index} reads the last entry of T${storage}${told}`,
      become(turn, isReady ? { ...again(turn), at: 'ok' } : next),
    ]
  })
}

function unread({ scenario, runner }: Turn): readonly number[] {
  return Array.from({ length: scenario.storages }, (_, storage) => storage).filter(
    (storage) => (runner.read & (1 << storage)) === 0,
  )
}

/** @param isRepeated a round that found something new is followed by another (see `several/snapshot.ts`) */
function readOne(turn: Turn, storage: number, isRepeated: boolean): Transition<World> {
  const { world, runner, index } = turn
  const log = world.logs[storage] ?? ''
  const isMoved = isRepeated && (runner.isMoved || log !== runner.known[storage])
  const isLast = unread(turn).length === 1
  return [
    `R${index} reads the log of T${storage}`,
    become(turn, {
      known: runner.known.with(storage, log),
      read: isLast ? 0 : runner.read | (1 << storage),
      isMoved: isLast ? false : isMoved,
      at: isLast && !isMoved ? 'act' : 'read',
    }),
  ]
}
