/**
 * What happens to one operation.
 * `reqLost` an error instead of the operation · `ackLost` an error after it · `busy`, `error` what the driver throws when
 * the storage is busy, or fails · `abort` the run's signal is aborted while it is under way · `stealLease` leases are taken
 * away and another runner goes to its end before it
 */
export const FAULTS = ['reqLost', 'ackLost', 'busy', 'error', 'abort', 'stealLease'] as const
/**
 * What happens to the process.
 * `killBefore`, `killDuring` (the request is sent), `killAfter` SIGKILL · `exit` process.exit(0) · `terminate` SIGTERM to
 * itself · `hang` never answers, SIGTERM does not help, SIGKILL does · `stop` stands still until somebody continues it
 */
export const DEADLY = ['killBefore', 'killDuring', 'killAfter', 'exit', 'terminate', 'hang', 'stop'] as const

export type Fault = (typeof FAULTS)[number] | (typeof DEADLY)[number]

export interface Plan {
  readonly do: Fault
  /** The operation, counted from 1. */
  readonly at: number
}

/** Does nothing: for runs that only count. */
export const NEVER: Plan = { do: 'reqLost', at: 0 }
