import type { Storage } from './storage.ts'
import { MigrationError, reasonOf } from './errors.ts'

const SHORTEST = 10
const LONGEST = 500

export interface Patience {
  /** Milliseconds to keep trying. */
  readonly wait: number
  readonly signal: AbortSignal
  /** Called once, when waiting begins. */
  waiting(target: string, reason: string): void
}

/**
 * Calls `attempt` until it answers, waiting with full jitter and a growing interval between tries (polling with a
 * try-lock: a blocking wait can deadlock with what it waits for). `undefined`, or an error that the adapter calls
 * `retry`, means busy. An aborted signal ends the waiting, never a call. Time is the observer's own monotonic clock.
 *
 * @throws MigrationError `MIG_R0205` when `wait` has passed, `MIG_R0206` when the signal is aborted, and whatever else
 * `attempt` throws, as it is.
 */
export async function patiently<T>(
  patience: Patience,
  storage: Storage,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  const start = performance.now()
  for (let interval = SHORTEST; ; interval = Math.min(interval * 1.5, LONGEST)) {
    let busy: unknown = 'it is locked'
    try {
      const answer = await attempt()
      if (answer !== undefined) return answer
    } catch (error) {
      if (storage.adapter.classify(error) !== 'retry') throw error
      busy = error
    }
    if (performance.now() - start > patience.wait) {
      throw new MigrationError(
        'MIG_R0205',
        `"${storage.name}" stayed busy for ${patience.wait} ms: ${reasonOf(busy)}.`,
        {
          target: storage.name,
          cause: busy,
          next: 'find out which process holds it, or raise `wait`',
        },
      )
    }
    stopIfAborted(patience.signal)
    if (interval === SHORTEST) patience.waiting(storage.name, reasonOf(busy))
    await pause(interval * Math.random(), patience.signal)
  }
}

export function stopIfAborted(signal: AbortSignal): void {
  if (!signal.aborted) return
  throw new MigrationError('MIG_R0206', 'The run was stopped; the next one goes on from here.', {
    cause: signal.reason,
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
