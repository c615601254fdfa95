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
  { wait, signal, waiting }: Patience,
  { name, adapter }: Storage,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  const start = performance.now()
  for (let interval = SHORTEST; ; interval = Math.min(interval * 1.5, LONGEST)) {
    let cause: unknown = 'it is locked'
    try {
      const answer = await attempt()
      if (answer !== undefined) return answer
    } catch (error) {
      if (adapter.classify(error) !== 'retry') throw error
      cause = error
    }
    const reason = reasonOf(cause)
    if (performance.now() - start > wait)
      throw new MigrationError('MIG_R0205', `"${name}" stayed busy for ${wait} ms: ${reason}.`, { target: name, cause })
    stopIfAborted(signal)
    if (interval === SHORTEST) waiting(name, reason)
    await pause(interval * Math.random(), signal)
  }
}

export function stopIfAborted({ aborted, reason }: AbortSignal): void {
  if (aborted) throw new MigrationError('MIG_R0206', 'The run was stopped.', { cause: reason })
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  let wake = (): void => {}
  await new Promise<void>((resolve) => {
    wake = resolve
    timer = setTimeout(wake, ms)
    signal.addEventListener('abort', wake)
  })
  clearTimeout(timer)
  signal.removeEventListener('abort', wake)
}
