import type { Id } from '../graph/manifest.ts'
import type { Json } from './handles.ts'

/**
 * `genesis` entry 0 · `up`, `down` a migration's effect, applied or taken back · `mark` applied or not, because somebody
 * says so · `step` a part of an effect · `intent` of a `down` on another target · `settled` staged work that a committed
 * entry announced is in place · `checked` nothing changed, the state is up to date for the keys in `satisfied` ·
 * `sealed` the state has moved to another store, or has come back.
 */
export type EntryKind = 'genesis' | 'up' | 'down' | 'mark' | 'step' | 'intent' | 'settled' | 'checked' | 'sealed'

/** A bound target as the state store last saw it. */
export interface SeenTarget {
  /** The adapter's name in the configuration. */
  readonly name: string
  /** UUID from that storage's genesis. */
  readonly target: string
  /** Serial of its last entry. */
  readonly serial: number
  /** `Options.tenant` of the run that saw it. */
  readonly tenant: string | null
}

/**
 * One line of a log. In a target's log it is the marker, in the state store's log the record; where they are one
 * storage it is both. Never changed by a later transaction, never deleted.
 */
export interface Entry {
  /** 0, 1, 2 … without gaps, unique in its log: inserting it IS the compare-and-set. */
  readonly serial: number
  readonly kind: EntryKind
  readonly id: Id | null
  /** UUID of the storage whose change this tells of. A record in a state store names another storage than its own. */
  readonly target: string
  /** Counts the ups, downs and marks of an id on a target, from 1; 0 for other kinds. Unique with target and id. */
  readonly generation: number
  readonly hash: string | null
  readonly attempt: string
  /** `false` only inside the transaction that wrote it: a committed `false` proves an escaped transaction. */
  readonly done: boolean
  /** Keys that are complete as of here, oldest first, at most 8: see `runtime/key`. Empty where work was taken back. */
  readonly satisfied: readonly string[]
  /** Units of staged work, announced up to here, that are not settled yet. Above 0 the fast path is closed. */
  readonly open: number
  /** In a state store's log: every bound target but the log's own storage. */
  readonly targets: readonly SeenTarget[]
  /** genesis: `GenesisData` · up, down: `UpData` · mark: `MarkData` · step: `StepData` · intent: `IntentData` · settled: `SettledData` · sealed: `SealedData` · else null. */
  readonly data: Json
  /** ISO time, for people only: never compared. */
  readonly at: string
}

export type GenesisData = {
  /** UUID made once by the state store and shared by its targets: proof that they belong together. */
  readonly lineage: string
  /** `Options.env` at the first write. */
  readonly env: string | null
}

export type UpData = {
  readonly ms: number
  /** Staged work that this entry commits, by the UUID of the storage that holds it. */
  readonly redo: readonly { readonly target: string; readonly redo: Json }[]
}

export type MarkData = {
  readonly applied: boolean
  readonly reason: string
  /** Whoever is responsible, where that is known. */
  readonly who: string | null
  /** Not applied, but not gone either: its steps are being taken back, and the next run ends that. */
  readonly unfinished?: 'down'
}

/** Of a step that takes effect with its entry. Other strategies keep a journal of their own in such entries. */
export type StepData = {
  readonly ms: number
  readonly redo: UpData['redo']
  readonly step: string
  /** Of the entry that will say that the migration is applied, or taken back. */
  readonly generation: number
  /** What the step gave back to be called with the next time; absent: it has ended. */
  readonly checkpoint?: Json
}

/** A `down` that may be committed as the entry `serial` of `target`, and nowhere else. */
export type IntentData = {
  readonly target: string
  readonly serial: number
}

export type SealedData = {
  /** UUID of the store that has the state now; `null`: it is here again. */
  readonly to: string | null
}

/** Names the `up` or `down` entry whose staged work is in place. */
export type SettledData = {
  readonly target: string
  readonly serial: number
}
