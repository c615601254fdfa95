import type { Id } from '../graph/manifest.ts'
import type { HistoryPolicies } from '../graph/policy.ts'
import type { Adapter } from './adapter.ts'
import type { Json } from './handles.ts'

/** What `migrate`, `plan` and `status` are given beside the manifest. */
export interface Options<Name extends string = string> extends HistoryPolicies {
  /**
   * Name → adapter. A name is the identity of its storage in the state store: another storage behind a known name stops
   * the run (`MIG_R0104`).
   */
  readonly adapters: Readonly<Record<Name, Adapter>>
  /** Where the record of what was applied is kept: an adapter's name, or an adapter that is nothing else. */
  readonly state: NoInfer<Name> | Adapter
  /** Package → role → adapter's name. Default: the adapter that is named like the role. */
  readonly bind?: Readonly<Record<string, Readonly<Record<string, NoInfer<Name>>>>>
  /**
   * Names of adapters that were bound once and are gone since their data has moved. What the state recorded about them
   * still counts for a squash that replaces migrations of theirs.
   */
  readonly unbound?: readonly string[]
  /** One of many equal sets of storages, or one of several instances of a component, on the same state. */
  readonly tenant?: string
  /** Stored at the first write and compared at every run: tells a clone from its original. */
  readonly env?: string
  /** Whether migrations that a development server holds back run. @default 'list' */
  readonly held?: 'list' | 'run'
  /** How long to wait for a storage that others use, in ms. @default 600000 */
  readonly wait?: number
  readonly signal?: AbortSignal
  readonly params?: Readonly<Record<string, Json>>
  /** Called synchronously. What it throws is ignored: a reporter must not stop a migration. */
  onEvent?(event: MigrationEvent): void
}

export type MigrationEvent =
  | { readonly type: 'started' | 'committed'; readonly id: Id; readonly target: string; readonly attempt: string }
  | {
      readonly type: 'applied'
      readonly id: Id
      readonly target: string
      readonly attempt: string
      readonly ms: number
    }
  | { readonly type: 'settled'; readonly id: Id; readonly target: string }
  | { readonly type: 'log'; readonly id: Id; readonly message: string }
  | { readonly type: 'progress'; readonly id: Id; readonly done: number; readonly total: number | undefined }
  | { readonly type: 'waiting'; readonly target: string; readonly reason: string }
  | { readonly type: 'overtaken'; readonly id: Id; readonly target: string }
  | { readonly type: 'finding'; readonly finding: Finding }

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
  /** `ahead`: the log holds work that this build does not know; nothing was run. */
  readonly outcome: 'current' | 'migrated' | 'ahead'
  /** By this run. */
  readonly applied: readonly Applied[]
  /** Not applied, and not to be run by this run: those that are held, and what follows them. */
  readonly pending: readonly Id[]
  readonly findings: readonly Finding[]
}
