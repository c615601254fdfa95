import type { Storage } from './storage.ts'
import { MigrationError, reasonOf } from './errors.ts'
import type { MigrationEvent } from './options.ts'

export const SHORTEST = 10
/** Hundreds of processes that wait on one machine may not be what keeps it busy. */
export const LONGEST = 1_000

export interface Patience {
  /** Milliseconds to keep trying. */
  readonly wait: number
  readonly signal: AbortSignal
  /** Tells reporters, and calls the hook of the event. @throws MigrationError `MIG_R0115` when the hook does */
  emit(event: MigrationEvent): Promise<void> | undefined
}

/**
 * Calls `attempt` until it answers, waiting with full jitter and a growing interval between tries (polling with a
 * try-lock: a blocking wait can deadlock with what it waits for). `undefined`, or an error that the adapter calls
 * `retry`, means busy. An aborted signal ends the waiting when its interval is over, never a call. Time is the
 * observer's own monotonic clock.
 *
 * @throws MigrationError `MIG_R0205` when `wait` has passed, `MIG_R0206` when the signal is aborted, and whatever else
 * `attempt` throws, as it is.
 */
export async function patiently<T>(
  { wait, signal, emit }: Patience,
  { name, adapter }: Storage,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  const end = performance.now() + wait
  for (let interval = SHORTEST; ; interval = Math.min(interval * 1.5, LONGEST)) {
    let cause: unknown = 'locked'
    try {
      const answer = await attempt()
      if (answer !== undefined) return answer
    } catch (error) {
      if (adapter.classify(error) !== 'retry') throw error
      cause = error
    }
    const reason = reasonOf(cause)
    if (performance.now() > end) throw new MigrationError('MIG_R0205', `busy: ${reason}`, { target: name, cause })
    if (interval === SHORTEST) void emit({ type: 'waiting', target: name, reason })
    await pause(interval)
    stopIfAborted(signal)
  }
}

export function stopIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new MigrationError('MIG_R0206', 'aborted', { cause: signal.reason })
}

/** Full jitter. @param most in ms */
export function pause(most: number): Promise<unknown> {
  return new Promise((resolve) => setTimeout(resolve, most * Math.random()))
}
