/**
 * For every migration, behind its entry, whatever the role or the pool has: who waits for a lock gives up soon and tries
 * again, so that an application is not queued behind it; what a process that is frozen has begun ends; and a migration
 * takes the time it takes. Its own `SET LOCAL` wins.
 */
export const LIMITS: string =
  "SET LOCAL lock_timeout='3s';SET LOCAL statement_timeout=0;SET LOCAL idle_in_transaction_session_timeout='5min'"
