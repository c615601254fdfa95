import type { DeferredWrites } from './deferred/writes.ts'
import type { Entry } from './entry.ts'
import type { Json, Kind, Kinds, SqlDialect } from './handles.ts'

/** A storage's append-only log: all that a state store is, and the proof of what a target went through. */
export interface Log {
  /**
   * One round trip, one small read, whatever the length of the log. `null`: never written. Creates nothing, and throws
   * whenever the answer is not certain: an unreadable log is never "nothing applied".
   */
  head(): Promise<{ readonly genesis: Entry; readonly last: Entry } | null>
  /** Entries with a serial above `after`, in order. `-1` for all. */
  read(after: number): AsyncIterable<Entry>
  /**
   * All or none, durable on return. The first serial is the last one in the log plus one, the rest follow without gaps.
   * `taken`: another writer has that serial. Creates the log with entry 0, the genesis.
   */
  append(entries: readonly Entry[]): Promise<'appended' | 'taken'>
}

export interface StateCapabilities {
  /** `single-node`: true while the storage is one machine's; `linearizable`: true across machines. */
  readonly cas: 'linearizable' | 'single-node'
  /** `sync`: on stable storage when append returns. `lazy`: may lose acknowledged entries in a crash. */
  readonly durability: 'sync' | 'lazy'
}

/** Of an error that an adapter or its driver threw. `retry`: nothing happened, the same call may succeed later. */
export type ErrorClass = 'retry' | 'read-only' | 'fatal'

export interface Capabilities {
  /** The biggest unit that commits as one. `interactive`: `begin`. `key`: one log entry, which commits staged work. */
  readonly atomic: 'interactive' | 'key'
}

/** Connects one storage instance. Declares what it can do as data; the runtime knows the protocol. */
export interface Adapter<K extends Kind = Kind> {
  /** The adapter's own name, e.g. `better-sqlite3`. The configuration names the instance. */
  readonly name: string
  /** What it can hand out. A role's kind must be among them. */
  readonly kinds: readonly K[]
  readonly dialect?: SqlDialect
  readonly capabilities: Capabilities
  /**
   * `deferredWrites` of the runtime where sessions implement `stage`, `settle` and `discard`: the storage may take part in
   * another storage's transaction. Always with `key`.
   */
  readonly deferred?: DeferredWrites
  readonly log: Log
  /** `null`: refused as a state store. Otherwise `log` is that store. */
  readonly state: StateCapabilities | null
  /** Identity for the in-process queue: one unit of work at a time per client. */
  readonly client: object
  /** Creates nothing in the storage. */
  open(): Promise<Session<K>>
  classify(error: unknown): ErrorClass
}

export interface Session<K extends Kind = Kind> {
  /**
   * `interactive` only. Starts the unit that commits as one, with `entry` (`done: false`) as its first statement.
   * Never waits: a storage that is busy throws an error of class `retry`.
   */
  begin?(entry: Entry): Promise<Transaction<K> | 'taken'>
  /** `deferred` only. Collects the writes of the unit that `entry` will commit, in this storage's log or in another's. */
  stage?(entry: Entry): Promise<Staging<K>>
  /** Never waits. Freed when the process that holds it is gone. */
  tryLock?(): Promise<boolean>
  unlock?(): Promise<void>
  /** Under the lock. Puts in place what `prepare` made durable. Repeatable: an item that is in place is left alone, one
   *  whose destination holds anything but what the migration saw is refused and nothing is overwritten (`MIG_R0231`). */
  settle?(redo: Json): Promise<void>
  /** Staged units that still lie in the storage, with the entry (target, serial, attempt) that would commit each. */
  staged?(): Promise<readonly Pick<Entry, 'target' | 'serial' | 'attempt'>[]>
  /** Under the lock. Drops what an attempt staged. Nothing to drop is fine. */
  discard?(attempt: string): Promise<void>
  close(): Promise<void>
}

export type Final = Pick<Entry, 'data' | 'satisfied' | 'open' | 'targets'>

export interface Transaction<K extends Kind = Kind> {
  handle<Q extends K>(kind: Q): Kinds[Q]
  /** Completes the entry (`done`, and all of `final`) and commits. An error of class `retry` leaves the transaction open. */
  commit(final: Final): Promise<void>
  /** Safe to call whatever state the transaction is in. */
  rollback(): Promise<void>
}

export interface Staging<K extends Kind = Kind> {
  handle<Q extends K>(kind: Q): Kinds[Q]
  /** Makes the staged writes durable. The answer (small: a name and a digest) goes into the committing entry. `null`: no writes. */
  prepare(): Promise<Json>
  discard(): Promise<void>
}

/** The shape that an adapter's file exports: `(client, options?) => Adapter`. Returns its argument, typed. */
export function defineAdapter<K extends Kind, Arguments extends readonly unknown[]>(
  make: (...options: Arguments) => Adapter<K>,
): (...options: Arguments) => Adapter<K> {
  return make
}
