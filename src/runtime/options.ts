import type { Id } from '../graph/manifest.ts'
import type { HistoryPolicies } from '../graph/policy.ts'
import type { Adapter, AdapterWithoutLog } from './adapter.ts'
import type { Hooks } from './hooks.ts'
import type { Json } from './handles.ts'

/** What `migrate`, `plan` and `status` are given beside the manifest. */
export interface Options<Name extends string = string> extends HistoryPolicies {
  /**
   * Name → adapter. A name is the identity of its storage in the state store: another storage behind a known name stops
   * the run (`MIG_R0104`).
   */
  readonly adapters: Readonly<Record<Name, Adapter | AdapterWithoutLog>>
  /**
   * Where the record of what was applied is kept: an adapter's name, or an adapter that is nothing else. `none`, where no
   * adapter is called so: nowhere. Then every run asks the probe of each migration, and only migrations with a `probe` or
   * with `repeatable: 'always'` are accepted (`MIG_R0116`), on storages with transactions.
   */
  readonly state: NoInfer<Name> | Adapter | 'none'
  /**
   * What a boot goes by: the last entries of all storages, or the state's alone. `state` saves a read per other target, and
   * with it finds neither a target that was wiped or restored behind the state's back nor staged work that another build
   * left open, until there is work to do. @default 'all'
   */
  readonly trust?: 'all' | 'state'
  /** Package → role → adapter's name. Default: the adapter that is named like the role. */
  readonly bind?: Readonly<Record<string, Readonly<Record<string, NoInfer<Name>>>>>
  /**
   * Names of adapters that were bound once and are gone since their data has moved. What the state recorded about them
   * still counts for a squash that replaces migrations of theirs, and what they have staged in other storages and perhaps
   * committed stops nobody.
   */
  readonly unbound?: readonly string[]
  /** One of many equal sets of storages, or one of several instances of a component, on the same state. */
  readonly tenant?: string
  /** Stored at the first write and compared at every run: tells a clone from its original. */
  readonly env?: string
  /** `required` leaves deferrable migrations to another run. @default 'all' */
  readonly mode?: 'all' | 'required'
  /** Whether migrations that a development server holds back run. @default 'list' */
  readonly held?: 'list' | 'run'
  /**
   * What else runs after a migration failed: nothing new, or what neither comes after it nor shares a storage with it or
   * with what does. The first error is thrown at the end either way. @default 'stop'
   */
  readonly onFailure?: 'stop' | 'continue-independent'
  /** How long to wait for a storage that others use, in ms. @default 600000 */
  readonly wait?: number
  readonly signal?: AbortSignal
  readonly params?: Readonly<Record<string, Json>>
  /** What the run waits for at its events: see `hooks`. */
  readonly hooks?: Hooks
  /** Called synchronously. What it throws, at once or later, is ignored: a reporter must not stop a migration. */
  onEvent?(event: MigrationEvent): void
}

interface OfAttempt {
  readonly id: Id
  readonly target: string
  readonly attempt: string
}

export type MigrationEvent =
  /** What is to run, in order; again whenever another process was first. */
  | { readonly type: 'planned'; readonly pending: readonly Id[] }
  | (OfAttempt & { readonly type: 'started'; readonly kind: 'up' | 'down' | 'step' })
  | (OfAttempt & { readonly type: 'committed' })
  /** Committed, settled and recorded: applied, taken back, or done with one step. */
  | (OfAttempt & { readonly type: 'applied'; readonly kind: 'up' | 'down' | 'step'; readonly ms: number })
  | (OfAttempt & { readonly type: 'overtaken' })
  | { readonly type: 'skipped'; readonly id: Id }
  | { readonly type: 'settled'; readonly id: Id; readonly target: string }
  | { readonly type: 'log'; readonly id: Id; readonly message: string }
  | { readonly type: 'progress'; readonly id: Id; readonly done: number; readonly total: number | undefined }
  | { readonly type: 'waiting'; readonly target: string; readonly reason: string }
  | { readonly type: 'finding'; readonly finding: Finding }
  /** Something could not be tidied up after the work. The next run tries again. */
  | { readonly type: 'untidied'; readonly target: string; readonly error: unknown }
  /** The run stopped: the last event, where `ended` is not. */
  | { readonly type: 'failed'; readonly error: unknown }
  | { readonly type: 'ended'; readonly outcome: Result['outcome'] }

/** Something about the history that a policy let pass: `code` is one of `MIG_R03…`. */
export interface Finding {
  readonly code: string
  readonly id: Id
  readonly text: string
}

export interface Applied {
  readonly id: Id
  /** The committing adapter's name in the configuration. */
  readonly target: string
  readonly attempt: string
  readonly ms: number
}

export interface Result {
  /**
   * `ahead`: the log holds work that this build does not know; nothing was run. `pending`: others have still to apply what
   * this build needs (`onPending: 'serve'`).
   */
  readonly outcome: 'current' | 'migrated' | 'ahead' | 'pending'
  /** By this run. */
  readonly applied: readonly Applied[]
  /** Not applied, and not to be run by this run: those that are held, and what follows them. */
  readonly pending: readonly Id[]
  readonly findings: readonly Finding[]
}
