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
   * `taken`: another writer has that serial. What would leave a gap is refused with an error that says so. Creates the log
   * with entry 0, the genesis.
   */
  append(entries: readonly Entry[]): Promise<'appended' | 'taken'>
}

/**
 * One small text with compare-and-set, beside the log. The lease of a run is kept in it, which saves work: no promise of an
 * adapter depends on it, and a value that is lost or put there by others does no harm.
 */
export interface Cell {
  /** `null`: nothing was ever put there. Creates nothing. */
  get(): Promise<string | null>
  /** Puts `next` in place of exactly `expected`, of nothing where that is `null`. `false`: something else is there. */
  swap(expected: string | null, next: string): Promise<boolean>
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
  /**
   * The biggest unit that commits as one. `interactive`: `begin`. `statement`: `tryLock` and `direct`; `begin` for data
   * alone. `key`: one log entry, which commits staged work. `none`: nothing does, see `AdapterWithoutLog`.
   */
  readonly atomic: 'interactive' | 'batch' | 'statement' | 'key' | 'none'
  /**
   * Sessions implement `stage`, `settle` and `discard`: the storage may take part in another storage's transaction. Always
   * with `key`.
   */
  readonly deferred?: true
  /** With `interactive`: sessions begin units without an entry, for `state: 'none'`. */
  readonly unrecorded?: true
}

declare const opaque: unique symbol

/** Code of the runtime that an adapter brings along, so that applications without such a storage do not carry it. */
export interface Strategy {
  readonly [opaque]: never
}

/** Connects one storage instance. Declares what it can do as data; the runtime knows the protocol. */
export interface Adapter<K extends Kind = Kind> {
  /** The adapter's own name, e.g. `better-sqlite3`. The configuration names the instance. */
  readonly name: string
  /** What it can hand out. A role's kind must be among them. */
  readonly kinds: readonly K[]
  readonly dialect?: SqlDialect
  readonly capabilities: Capabilities
  /** `deferredWrites` where the capabilities say `deferred`, `statementAtATime` where they say `statement`, `singleBatch` where they say `batch`, `withoutLog` where they say `none`, else `severalStorages`: code that the runtime needs then. */
  readonly strategy?: Strategy
  readonly log: Log
  /** Optional speed: several scripts at once. */
  readonly scripts?: Scripts
  /** `null`: refused as a state store. Otherwise `log` is that store. */
  readonly state: StateCapabilities | null
  /**
   * Where it holds the state of other storages: one run has the lease and works, the others wait for it. Without it they
   * meet at the logs, where each migration still takes effect once.
   */
  readonly lease?: Cell
  /** Identity for the in-process queue: one unit of work at a time per client. */
  readonly client: object
  /** Creates nothing in the storage. */
  open(): Promise<Session<K>>
  classify(error: unknown): ErrorClass
}

/** How a storage runs several migrations that are nothing but SQL text, faster than one after the other. */
export interface Scripts {
  /** Whether a text may run between others. One that may not runs alone, and says then what is wrong with it. */
  accepts(text: string): boolean
  /**
   * Each in a transaction of its own behind its own entry, in their order; what fails stops the rest.
   *
   * @returns the milliseconds of each. `stopped`: the log tells how many are committed · `lost`: more of them may still be
   * @throws where none of them is. Of class `retry`: the same call may succeed later
   */
  send(scripts: readonly Script[]): Promise<readonly number[] | 'stopped' | 'lost'>
}

export interface Script {
  readonly entry: Entry
  /** What completes the entry. */
  readonly final: Final
  readonly text: string
}

/**
 * Of a storage that has no log, no compare-and-set, and reads that may be stale: an HTTP API, Workers KV. What a migration
 * does there takes effect at once and may be done again, so every migration must be `idempotent`, and the state of another
 * storage, with a lease, is the only record. Refused otherwise before anything runs (`MIG_R0118`).
 */
export interface AdapterWithoutLog<K extends Kind = Kind> extends Omit<
  Adapter<K>,
  'log' | 'state' | 'lease' | 'strategy'
> {
  readonly capabilities: { readonly atomic: 'none' }
  /** `withoutLog`. */
  readonly strategy: Strategy
  readonly log: null
  readonly state: null
  /** Its sessions have `handle`. */
  open(): Promise<Session<K>>
}

export interface Session<K extends Kind = Kind> {
  /**
   * Starts the unit that commits as one, with `entry` (`done: false`) as its first statement; a `batch` is sent by
   * `commit` alone, with the entry completed. Never waits: a storage that is busy throws an error of class `retry`.
   *
   * @param entry `null` where the capabilities say `unrecorded`: nothing but the unit itself is written, no log is read,
   * `commit` ignores what it is given, and whatever the storage has keeps other units of this kind away until it ends
   */
  begin?(entry: Entry | null): Promise<Transaction<K> | 'taken'>
  /** `deferred` only. Collects the writes of the unit that `entry` will commit, in this storage's log or in another's. */
  stage?(entry: Entry): Promise<Staging<K>>
  /** With `none`: what is done through it takes effect at once. */
  handle?<Q extends K>(kind: Q): Kinds[Q]
  /** Never waits. Freed when the process that holds it is gone. */
  tryLock?(): Promise<boolean>
  /** `false`: this session did not hold it any more. */
  unlock?(): Promise<boolean | void>
  /** Token of whoever holds the lock, where it stays when its holder is gone and nobody can know that. `null`: nobody. */
  holder?(): Promise<string | null>
  /** Frees such a lock. `false`: nobody holds it with this token. */
  release?(token: string): Promise<boolean>
  /** Under the lock: this session's one connection, where statements run one at a time. */
  direct?(): Direct<K>
  /** Under the lock. Puts in place what `prepare` made durable. Repeatable: an item that is in place is left alone, one
   *  whose destination holds anything but what the migration saw is refused and nothing is overwritten (`MIG_R0231`). */
  settle?(redo: Json): Promise<void>
  /** Staged units that still lie in the storage, with the entry (target, serial, attempt) that would commit each. */
  staged?(): Promise<readonly Pick<Entry, 'target' | 'serial' | 'attempt'>[]>
  /** Under the lock. Drops what an attempt staged. Nothing to drop is fine. */
  discard?(attempt: string): Promise<void>
  close(): Promise<void>
}

/** One statement that somebody wrote. */
export interface Statement {
  /** As it is sent. */
  readonly text: string
  /** For people: without values and what strings hold, at most 200 characters. */
  readonly shown: string
  /** In the text that it is of, from 1. */
  readonly line: number
  /**
   * `data`: takes part in a transaction · `alone`: commits by itself, or is refused in a transaction · `session`: changes
   * nothing but the connection
   */
  readonly effect: 'data' | 'alone' | 'session'
}

/** Calls `execute`, now or not at all. */
export type Perform = (statement: Statement, execute: () => Promise<void>) => Promise<void>

/** One connection. Nothing but its migration and its log entries goes through it while it is used. */
export interface Direct<K extends Kind = Kind> {
  /**
   * Every single statement but those of `rows` goes through `perform`; `rows` refuses what writes (`MIG_R0274`).
   *
   * @param touched called when somebody takes the driver's own handle, past which nobody sees
   */
  handle<Q extends K>(kind: Q, perform: Perform, touched: () => void): Kinds[Q]
  /** Entries with a serial above `after`, in order. */
  read(after: number): AsyncIterable<Entry>
  /**
   * Outside of a transaction: durable on return.
   *
   * @throws MigrationError `MIG_R0271` where the connection is another, or has lost the lock; nothing is appended then
   */
  append(entries: readonly Entry[]): Promise<'appended' | 'taken'>
  begin(): Promise<void>
  /**
   * Appends in the transaction, as its last statement, and commits.
   *
   * @throws MigrationError `MIG_R0212` where that transaction is over already, and nothing is appended; else as `append`
   */
  commit(entries: readonly Entry[]): Promise<'appended' | 'taken'>
  /** Safe to call whatever state the transaction is in. Throws where the connection is gone. */
  rollback(): Promise<void>
  /** Whether the storage itself has refused a statement, which had no effect then. Of an error of another kind nobody knows. */
  isAnswer(error: unknown): boolean
}

export type Final = Pick<Entry, 'data' | 'satisfied' | 'open' | 'targets'>

export interface Transaction<K extends Kind = Kind> {
  handle<Q extends K>(kind: Q): Kinds[Q]
  /**
   * Completes the entry (`done`, and all of `final`) and commits. An error of class `retry` leaves the transaction open.
   * `taken`: nothing is committed, another writer has the serial. Only where `begin` wrote nothing.
   */
  commit(final: Final): Promise<'taken' | void>
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
): (...options: Arguments) => Adapter<K>
export function defineAdapter<K extends Kind, Arguments extends readonly unknown[]>(
  make: (...options: Arguments) => AdapterWithoutLog<K>,
): (...options: Arguments) => AdapterWithoutLog<K>
export function defineAdapter<Arguments extends readonly unknown[], Made>(
  make: (...options: Arguments) => Made,
): (...options: Arguments) => Made {
  return make
}
