import type { ErrorClass } from '../../runtime/adapter.ts'
import { reasonOf } from '../../runtime/errors.ts'

/**
 * Errors that pass (developers.cloudflare.com/d1/observability/debug-d1). A query or batch that took too long, or too
 * much memory, would do so again.
 */
const PASSING =
  /Network connection lost|reset because its code was updated|Internal error|Cannot resolve D1 DB|because client disconnected|D1 DB is overloaded/i

/**
 * Of an answer that was lost nobody knows whether the batch took effect. It may be sent again all the same: a second time
 * its entry is refused, and the log tells whose entry is there.
 */
export function classOf(error: unknown): ErrorClass {
  return PASSING.test(reasonOf(error)) ? 'retry' : 'fatal'
}
