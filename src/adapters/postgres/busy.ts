import { stateOf } from './connection.ts'

/** Serialization failure, deadlock, lock timeout, too many connections, starting up. */
const STATES: ReadonlySet<string> = new Set(['40001', '40P01', '55P03', '53300', '57P03'])

/** Nothing happened, and the same call may succeed later. */
export class Busy extends Error {}

/**
 * Of an error before a migration's own statements, and of one that only touched the log. Never of a COMMIT: after it
 * the transaction is gone, and trying again would find none.
 */
export function busyOr(error: unknown): unknown {
  return error instanceof Error && STATES.has(stateOf(error)) ? new Busy(error.message, { cause: error }) : error
}
