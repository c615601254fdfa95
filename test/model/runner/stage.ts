import { entriesOf } from '../entry.ts'
import type { Transition } from '../search.ts'
import type { Request, World } from '../world.ts'
import { type Turn, attemptOf, become } from './turn.ts'

/** Staged work of one attempt to commit one entry, as it lies in a participant: attempt, committer and serial. */
const STAGE = /([^@;]+)@(\d+)#(\d+);/g

export function stageName(attempt: string, committer: number, serial: number): string {
  return `${attempt}@${committer}#${serial};`
}

/** Makes work durable in the next participant. @returns nothing where all have it */
export function stage(turn: Turn, { storage, serial, entry }: Request): readonly Transition<World>[] | undefined {
  const { world, index } = turn
  const name = stageName(attemptOf(turn), storage, serial)
  const redo = entriesOf(entry)[0]?.redo ?? 0
  const participant = world.stages.findIndex((stages, other) => (redo & (1 << other)) !== 0 && !stages.includes(name))
  if (participant < 0) return undefined
  const stages = world.stages.with(participant, world.stages[participant] + name)
  return [[`R${index} stages in T${participant} for T${storage}#${serial}`, become(turn, {}, { ...world, stages })]]
}

/** The world without what an attempt staged. */
export function withoutStage(world: World, name: string): World {
  return { ...world, stages: world.stages.map((stages) => stages.replace(name, '')) }
}

/** Drops what attempts of others staged that were not committed. @returns nothing where there is none */
export function discardOrphans(turn: Turn): readonly Transition<World>[] | undefined {
  const { world, index } = turn
  const orphan = world.stages.flatMap((stages) => [...stages.matchAll(STAGE)]).find((found) => isOrphan(turn, found))
  if (!orphan) return undefined
  return [[`R${index} drops what ${orphan[0]} staged`, become(turn, {}, withoutStage(world, orphan[0]))]]
}

function isOrphan(
  { scenario, runner }: Turn,
  [, attempt = '', committer = '', serial = '']: readonly string[],
): boolean {
  const place = entriesOf(runner.known[Number(committer)] ?? '')[Number(serial)]
  // Nothing is open when this is asked: what was committed is settled.
  if (place || scenario.rules.discard === 'when its serial is taken') return place !== undefined
  return attempt !== ''
}
