import type { Id } from '../graph/manifest.ts'
import type { Finding } from '../runtime/options.ts'

/** One thing that a command does, or would do. Targets are names of adapters. */
export type Action =
  | {
      readonly do: 'up' | 'down'
      readonly id: Id
      readonly target: string
      /** What needs it; `null`: the request itself. */
      readonly because: Id | null
      /** Going up, it loses data on purpose. */
      readonly destructive?: true
    }
  /** Says that a migration is applied, or is not, and runs nothing. */
  | { readonly do: 'mark'; readonly id: Id; readonly target: string; readonly applied: boolean }
  /** Says whether one statement took effect, of a migration that goes on behind it. */
  | { readonly do: 'statement'; readonly id: Id; readonly target: string; readonly applied: boolean }
  /** Puts in place what a committed migration staged. */
  | { readonly do: 'settle'; readonly id: Id; readonly target: string }
  /** Writes into the state store what another log holds. */
  | { readonly do: 'record'; readonly id: Id; readonly target: string }
  /** Begins a log. */
  | { readonly do: 'establish'; readonly target: string }
  /** Closes a state store, or opens it again. */
  | { readonly do: 'seal' | 'unseal'; readonly target: string }
  /** `holder`: whose it was, for people. */
  | { readonly do: 'release'; readonly target: string; readonly token: string; readonly holder: string }

/** What a command did; of a dry run, exactly what it would have done. */
export interface Report {
  readonly dryRun: boolean
  /** In this order. */
  readonly actions: readonly Action[]
  /** What policies let pass. */
  readonly findings: readonly Finding[]
}

/** Every command that changes something takes it. */
export interface DryRun {
  /** Write nothing, and say what would be done. @default false */
  readonly dryRun?: boolean
}

/** Goes into the log with whatever is said there by people. */
export interface Statement extends DryRun {
  /** For whoever reads the history. */
  readonly reason: string
  /** Whoever is responsible. */
  readonly who?: string
}
