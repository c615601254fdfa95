import type { Entry } from '../runtime/entry.ts'

/** What another client is asked to do with its adapter and its one session. */
export type Command =
  | { readonly do: 'greet' }
  /** `forged`: says that it has appended, whatever the adapter answers. */
  | { readonly do: 'append'; readonly entry: Entry; readonly forged: boolean }
  | { readonly do: 'lock' }
  | { readonly do: 'unlock' }
  /** The lease. */
  | { readonly do: 'swap'; readonly expected: string | null; readonly next: string }
  | Migrate

export interface Migrate {
  readonly do: 'migrate'
  readonly kill: Kill | null
  readonly wait: number
  readonly record: Recording
}

/**
 * `logged`: every migration has its entry in the log of its storage. `elsewhere`: in the log of the state alone, and each
 * may be done again. `unrecorded`: `state: 'none'`, and each has a probe.
 */
export type Recording = 'logged' | 'elsewhere' | 'unrecorded'

/** Ends the process by SIGKILL before or after the call `at` of the adapter and all that it hands out, from 1. */
export interface Kill {
  readonly when: 'before' | 'after'
  readonly at: number
}
