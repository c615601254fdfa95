import type { Adapter } from '../../../src/runtime/adapter.ts'

/** Where a storage is: what a process must be told to reach it. */
export type Place = Readonly<Record<string, string>>

/** What a test has to offer. */
export interface Servers {
  /** A folder of the test's own. */
  readonly folder: string
  /** URL of a PostgreSQL database of the test's own. */
  readonly postgres: string | undefined
  readonly redis: string | undefined
  /** URL of a MariaDB server. */
  readonly mysql: string | undefined
  /** Whether other processes are to open the storages. */
  readonly processes: boolean
}

/** What nobody may ever print. Connection URLs and params hold it. */
export const CANARY = 'canary-8b1f4e'

export interface Connection {
  readonly adapter: Adapter
  /** What is left to the end of its process: connections are closed, whatever state they are in. */
  end(): Promise<void>
}

/** Errors as the storage's driver throws them. */
export interface DriverErrors {
  /** Whether the call had an effect is not known. */
  lost(): Error
  /** `null`: there is none that the adapter would wait for. */
  readonly busy: (() => Error) | null
  error(): Error
}

/** How faults in one adapter's storage are tested. */
export interface StorageCase {
  /** File name in `src/adapters`. */
  readonly adapter: string
  readonly kind: 'sql' | 'kv' | 'files'
  /** What takes effect as one: a transaction that stays open, a batch of statements, or staged work behind one entry. */
  readonly unit: 'transaction' | 'batch' | 'entry'
  /** `processes`: others see it. `connections`: others of this process do. `one`: nobody else does. */
  readonly reach: 'processes' | 'connections' | 'one'
  readonly needs?: 'postgres' | 'redis' | 'mysql'
  /** Operations whose answer cannot be lost while the process goes on. */
  readonly always: readonly string[]
  readonly errors: DriverErrors
  /** A new, empty storage. */
  create(servers: Servers): Promise<Place>
  connect(place: Place): Promise<Connection>
  /** Ids in the order in which they took effect, read with nothing of the adapter. */
  effects(place: Place): Promise<readonly string[]>
  /** Whatever is left of work that is over, in words: `staged …` and `temporary …` where the next release tidies up. */
  leftovers(place: Place): Promise<readonly string[]>
  /** Lets the leases of others run out. */
  expire?(place: Place): Promise<void>
  remove?(place: Place): Promise<void>
  /** Ends what `effects` and the others are connected with. */
  disconnect?(): Promise<void>
}

export function coded(code: string, message: string): Error {
  return Object.assign(new Error(message), { code })
}

let count = 0
/** A name that no other place of this process has. */
export function freshName(): string {
  return `f${count++}`
}
