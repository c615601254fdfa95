/** One target or several: see `resolveTarget` for their grammar. */
export type Targets = string | readonly string[]

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
      readonly skip?: readonly string[]
    }
  | {
      readonly direction: 'up' | 'down'
      /** Exactly these, as far as they are not done already. What they need must be done, or among them. */
      readonly only: readonly string[]
    }
  | { readonly direction: 'stamp'; readonly targets: Targets }
