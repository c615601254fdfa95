import { constants } from 'node:os'
import process from 'node:process'

export interface StopOptions {
  /**
   * How long what is under way may go on after the signal, in ms. Less than the platform waits before SIGKILL: 30 s on
   * Kubernetes, 10 s with `docker stop`. @default 8000
   */
  readonly grace?: number
}

export interface Stop {
  /** For `Options.signal`. Aborted by the first of the signals: no migration starts after it, the current one may end. */
  readonly signal: AbortSignal
  /** Leaves later signals to whoever else listens. Changes nothing where one has come: the process is ending. */
  release(): void
}

/**
 * Stops a run when the process is told to end, and ends the process with the code that says why: 143 for SIGTERM, 130 for
 * SIGINT.
 *
 * The first signal aborts. When the run has stopped (`MIG_R0206`, or it was done before it could) all its locks are released,
 * and the process ends as soon as nothing else keeps it alive; close servers and pools then. What is still alive when
 * `grace` has passed, or at a second signal, is cut off: the process exits, so that its connections are closed, and the next
 * run goes on from what was committed. A server rolls the rest back when it sees that the connection is gone; PostgreSQL
 * looks when the statement that it is at has ended, or every `client_connection_check_interval`.
 *
 * @example
 * const stop = stopOn(['SIGTERM', 'SIGINT'])
 * await migrate(manifest, { ...config(), signal: stop.signal })
 * stop.release()
 */
export function stopOn(signals: readonly NodeJS.Signals[], { grace = 8000 }: StopOptions = {}): Stop {
  const controller = new AbortController()
  const onSignal = (name: NodeJS.Signals): void => {
    const code = 128 + constants.signals[name]
    if (controller.signal.aborted) process.exit(code)
    // Last of all: an error that nobody catches, as that of the stopped run, sets another code.
    process.once('exit', () => {
      process.exitCode = code
    })
    // It limits how long the process lives, and does not make it live longer.
    setTimeout(() => process.exit(code), grace).unref()
    controller.abort(new Error(name))
  }
  for (const name of signals) process.on(name, onSignal)
  return {
    signal: controller.signal,
    release() {
      if (controller.signal.aborted) return
      for (const name of signals) process.off(name, onSignal)
    },
  }
}
