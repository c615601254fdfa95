import { type Entry, entriesOf } from './entry.ts'
import type { Scenario } from './scenario.ts'

/** Logs, by storage, as somebody knows them. */
export type Logs = readonly string[]

const standings = new Map<string, ReadonlyMap<string, number>>()

/** The last generation of every migration that a log tells of, by target and id: odd is applied, even reverted. */
function standingIn(log: string): ReadonlyMap<string, number> {
  const before = standings.get(log)
  if (before) return before
  const standing = new Map(
    entriesOf(log).flatMap(({ kind, target, id, generation }) =>
      kind === 'up' || kind === 'down' ? [[`${target}:${id}`, generation] as const] : [],
    ),
  )
  standings.set(log, standing)
  return standing
}

/** @param about the storage whose marker it is; another than the log's own: a record */
export function generationIn(log: string, about: number, id: number): number {
  return standingIn(log).get(`${about}:${id}`) ?? 0
}

export function isApplied({ migrations }: Scenario, logs: Logs, id: number): boolean {
  const committer = migrations[id]?.committer ?? 0
  return generationIn(logs[committer] ?? '', committer, id) % 2 === 1
}

/** Whether parts of the next generation have entries, but not the whole: a change that somebody is at, or left. */
export function isBegun({ migrations }: Scenario, logs: Logs, id: number): boolean {
  const committer = migrations[id]?.committer ?? 0
  const next = generationIn(logs[committer] ?? '', committer, id) + 1
  return logs.some((log) =>
    entriesOf(log).some((entry) => entry.id === id && isPartial(entry) && entry.generation === next),
  )
}

function isPartial({ kind }: Entry): boolean {
  return kind === 'step' || kind === 'begin'
}

/** Storages on which entries of a migration may appear. */
export function targetsOf({ migrations }: Scenario, id: number): readonly number[] {
  const migration = migrations[id]
  return migration ? [...new Set([migration.committer, ...migration.steps.map(({ storage }) => storage)])] : []
}

/**
 * The first intent in the log of `on` whose `down` could still be committed: the serial that it names is not taken.
 * Only those matter that would take back what `id` depends on.
 */
export function openIntent({ migrations }: Scenario, logs: Logs, on: number, id: number): Entry | undefined {
  const parents = migrations[id]?.parents ?? []
  return entriesOf(logs[on] ?? '').find(
    (entry) =>
      entry.kind === 'intent' && parents.includes(entry.id) && (logs[entry.target] ?? '').length <= entry.names,
  )
}

/** Committed entries of a storage whose staged work has no `settled` entry there, oldest first, with their serials. */
export function unsettledIn(log: string, storage: number): readonly (readonly [serial: number, entry: Entry])[] {
  const entries = entriesOf(log)
  return entries.flatMap((entry, serial) => {
    if (entry.target !== storage || entry.redo === 0) return []
    return hasSettled(log, storage, serial) ? [] : [[serial, entry] as const]
  })
}

/** Whether a log tells that what the entry `serial` of `committer` announced is in place there. */
export function hasSettled(log: string, committer: number, serial: number): boolean {
  return entriesOf(log).some(
    ({ kind, target, names }) => kind === 'settled' && target === committer && names === serial,
  )
}

export function lastOf(log: string | undefined): Entry | undefined {
  return entriesOf(log ?? '').at(-1)
}
