import assert from 'node:assert/strict'
import type { Adapter, AdapterWithoutLog, Cell } from '../runtime/adapter.ts'

/** What the module exports that `testAdapter` is given the URL of. Every process of a test imports it. */
export interface Fixture {
  /**
   * Connects anew: a client of its own each time, also within one process. The same key is the same storage in every
   * process, a new key an empty one; nobody else opens a key before its first `open` has ended. Keys are at most 32
   * lower-case letters and digits, the first one a letter.
   *
   * Where the dialect is `mysql`, it makes the table `effects (n integer, id varchar(100))` if that is not there: a
   * definition commits by itself.
   */
  open(key: string): Promise<Opened | OpenedWithoutLog>
  /**
   * No other process can reach the storages: several clients of this one stand for several processes, and nobody is
   * killed.
   */
  readonly isLocal?: boolean
  /** Called when nobody is connected any more: removes the storage. */
  drop?(key: string): Promise<void>
}

export interface Opened {
  readonly adapter: Adapter
  /** The state store of the runs, also by the key, where `adapter.state` is `null`. */
  readonly state?: Adapter
  /** Where `adapter` has neither of the kinds `sql`, `kv` and `files`. */
  readonly trace?: Trace
  /** Whether the storage holds nothing at all. Without it nobody tests that reading creates nothing. */
  isUntouched?(): Promise<boolean>
  /** Spoils the last entry of the log. Without it nobody tests that a damaged log is not an empty one. */
  damage?(): Promise<void>
  close(): Promise<void>
}

/** What else there is only with a log. `state` has a lease. */
export interface OpenedWithoutLog extends Pick<Opened, 'trace' | 'isUntouched' | 'close'> {
  readonly adapter: AdapterWithoutLog
  readonly state: Adapter
}

/** How a migration leaves an effect that is there twice when it is made twice: nothing in it is unique. */
export interface Trace {
  /** One of the adapter's `kinds`: what `handle` is of. */
  readonly kind: Adapter['kinds'][number]
  /** May read first, and make what is to hold the effects. */
  leave(handle: unknown, effect: string): Promise<void>
  /** In the order in which they were left; none where there is nothing to hold them. */
  read(handle: unknown): Promise<readonly string[]>
}

/** The same for the cases, which are chosen by the capabilities. */
export interface AnyFixture extends Pick<Fixture, 'isLocal' | 'drop'> {
  open(key: string): Promise<Opened>
}

export async function importFixture(url: string): Promise<AnyFixture> {
  const fixture = (await import(url)) as AnyFixture
  assert.equal(typeof fixture.open, 'function', `${url} exports no function "open".`)
  return fixture
}

export interface Lender extends Adapter {
  readonly lease: Cell
}

/** Who offers a lease: the adapter, or else the state store. */
export function lenderOf({ adapter, state }: Opened): Lender | undefined {
  return [adapter, state].find((one): one is Lender => one?.lease !== undefined)
}
