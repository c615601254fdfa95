import type { ErrorClass } from '../../runtime/adapter.ts'
import { reasonOf } from '../../runtime/errors.ts'

/** Codes of the server. Redis 6 has the code of an error inside a script behind a hyphen. */
const BUSY = /(^|-)(BUSY|CLUSTERDOWN|LOADING|MASTERDOWN|NOREPLICAS|TRYAGAIN)\b/

/**
 * What clients say of a connection that broke or is not there yet, and of a call that they have given up. It may have been
 * carried out, or be carried out at any later time, and still be made again: every script of this adapter finds its own
 * effect and leaves it alone.
 */
const BROKEN =
  /^Socket closed unexpectedly|^The client is offline|enableOfflineQueue options is false$|^Command (timed out$|aborted due to connection close)|^Reached the max retries per request|^Socket timeout/

/** By message: the clients agree on nothing else. */
export function classify(error: unknown): ErrorClass {
  const message = reasonOf(error)
  if (BUSY.test(message) || BROKEN.test(message)) return 'retry'
  return /(^|-)READONLY\b/.test(message) ? 'read-only' : 'fatal'
}
