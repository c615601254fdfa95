import type { Id } from '../graph/manifest.ts'
import type { Json } from './handles.ts'

/**
 * `genesis` entry 0 · `up` a migration's effect · `settled` staged work that a committed `up` announced is in place ·
 * `checked` nothing changed, the state is up to date for the keys in `satisfied`.
 */
export type EntryKind = 'genesis' | 'up' | 'settled' | 'checked'

/** A bound target as the state store last saw it. */
export interface SeenTarget {
  /** The adapter's name in the configuration. */
  readonly name: string
  /** ULID from that storage's genesis. */
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
  /** ULID of the storage whose change this tells of. A record in a state store names another storage than its own. */
  readonly target: string
  /** Counts the ups and downs of an id on a target. Unique with target and id among `up` entries. */
  readonly generation: number
  readonly hash: string | null
  readonly attempt: string
  /** `false` only inside the transaction that wrote it: a committed `false` proves an escaped transaction. */
  readonly done: boolean
  /** Keys that are complete as of here, oldest first, at most 8: see `runtime/key`. */
  readonly satisfied: readonly string[]
  /** Units of staged work, announced up to here, that are not settled yet. Above 0 the fast path is closed. */
  readonly open: number
  /** In a state store's log: every bound target but the log's own storage. */
  readonly targets: readonly SeenTarget[]
  /** genesis: `GenesisData` · up: `UpData` · settled: `SettledData` · else null. */
  readonly data: Json
  /** ISO time, for people only: never compared. */
  readonly at: string
}

export type GenesisData = {
  /** ULID made once by the state store and shared by its targets: proof that they belong together. */
  readonly lineage: string
  /** `Options.env` at the first write. */
  readonly env: string | null
}

export type UpData = {
  readonly ms: number
  /** Staged work that this entry commits, by the ULID of the storage that holds it. */
  readonly redo: readonly { readonly target: string; readonly redo: Json }[]
}

/** Names the `up` entry whose staged work is in place. */
export type SettledData = {
  readonly target: string
  readonly serial: number
}
