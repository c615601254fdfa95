import type { Storage } from './storage.ts'
import { MigrationError, reasonOf } from './errors.ts'
import type { MigrationEvent } from './options.ts'

const SHORTEST = 10
const LONGEST = 500

export interface Patience {
  /** Milliseconds to keep trying. */
  readonly wait: number
  readonly signal: AbortSignal
  /** Told once, when waiting begins. */
  emit(event: MigrationEvent): void
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
    if (interval === SHORTEST) emit({ type: 'waiting', target: name, reason })
    await new Promise((resolve) => setTimeout(resolve, interval * Math.random()))
    stopIfAborted(signal)
  }
}

export function stopIfAborted({ aborted, reason }: AbortSignal): void {
  if (aborted) throw new MigrationError('MIG_R0206', 'aborted', { cause: reason })
}
