import type { KnownId } from '../known-id.ts'

/** One target or several: ids, and what else the grammar of `resolveTarget` knows. */
export type Targets = KnownId | readonly KnownId[]

/**
 * What to plan.
 *
 * - `up` what the targets need and is not applied, and nothing else
 * - `down` what must go for nothing but the targets to stay of their branches
 * - `to` one of the two, whichever it takes
 * - `mixed` both at once
 * - `stamp` what to mark and to unmark without running it, so that the targets count as reached
 */
export type PlanRequest =
  | {
      readonly direction: 'up' | 'down' | 'to' | 'mixed'
      readonly targets: Targets
      /** Migrations to leave out. What needs them must be left out too. */
      readonly skip?: readonly KnownId[]
    }
  | {
      readonly direction: 'up' | 'down'
      /** Exactly these, as far as they are not done already. What they need must be done, or among them. */
      readonly only: readonly KnownId[]
    }
  | { readonly direction: 'stamp'; readonly targets: Targets }
