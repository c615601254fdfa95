import type { Scenario } from './scenario.ts'
import type { World } from './world.ts'

/** A part of a migration's effect: what one storage changes as a whole. */
export interface Part {
  readonly id: number
  readonly part: number
  readonly storage: number
}

const parts = new WeakMap<Scenario, readonly (readonly Part[])[]>()

/** The parts of every migration: its steps or statements, or what its committer and each participant change. */
export function partsOf(scenario: Scenario, id: number): readonly Part[] {
  const known = parts.get(scenario) ?? scenario.migrations.map((_, each) => makeParts(scenario, each))
  parts.set(scenario, known)
  return known[id] ?? []
}

function makeParts({ migrations }: Scenario, id: number): readonly Part[] {
  const migration = migrations[id]
  if (!migration) return []
  const { committer, participants, steps, statements } = migration
  const storages =
    steps.length > 0
      ? steps.flatMap(({ storage, runs }) => Array.from({ length: runs }, () => storage))
      : Array.from({ length: Math.max(1, statements) }, () => committer)
  return [...storages, ...participants].map((storage, part) => ({ id, part, storage }))
}

/** What takes effect when a part is applied, in an odd generation, or taken back, in an even one: three characters. */
export function effectOf(id: number, part: number, generation: number): string {
  return `${id}${part}${generation}`
}

interface Happened {
  /** By id and part: the last generation. */
  readonly last: ReadonlyMap<string, number>
  /** Something that took effect twice. */
  readonly twice: string | undefined
}

const seen = new Map<string, Happened>()

/** What took effect on one storage. */
export function happened(effects: string): Happened {
  const before = seen.get(effects)
  if (before) return before
  const all: readonly string[] = effects.match(/.../g) ?? []
  const last = new Map(all.map((effect) => [effect.slice(0, 2), Number(effect[2])]))
  const result = { last, twice: all.find((effect, place) => all.indexOf(effect) !== place) }
  seen.set(effects, result)
  return result
}

export interface Presence {
  /** Migrations of which all parts are in place, as bits. */
  readonly whole: number
  /** Migrations of which any part is in place, as bits. */
  readonly any: number
}

const presences = new WeakMap<Scenario, Map<string, Presence>>()

/** Which migrations have their effect now. */
export function presenceIn(scenario: Scenario, { effects }: Pick<World, 'effects'>): Presence {
  const known = presences.get(scenario) ?? new Map<string, Presence>()
  presences.set(scenario, known)
  const key = effects.join()
  const before = known.get(key)
  if (before) return before
  let [whole, any] = [0, 0]
  for (const id of scenario.migrations.keys()) {
    const wanted = partsOf(scenario, id)
    const there = wanted.filter(({ part, storage }) => {
      const generation = happened(effects[storage] ?? '').last.get(`${id}${part}`) ?? 0
      return generation % 2 === 1
    })
    if (there.length > 0) any |= 1 << id
    if (there.length === wanted.length) whole |= 1 << id
  }
  const presence = { whole, any }
  known.set(key, presence)
  return presence
}
