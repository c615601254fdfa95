/** A rename is a removal and an addition, a saved folder many changes: they are one update. */
const QUIET_MS = 100

/**
 * Joins events: each call waits until things are quiet, and all that waited are answered by one call of `work` that
 * began after the last of them.
 *
 * @returns a function of an event's number, which grows from event to event. Where one event asks several times, it is
 * answered by the same work.
 */
export function oncePerQuiet(work: () => Promise<void>): (event: number) => Promise<void> {
  let last = { newest: -1, done: Promise.resolve() }
  let hasBegun = true
  return (event) => {
    if (event <= last.newest) return last.done
    if (!hasBegun) {
      last.newest = event
      return last.done
    }
    hasBegun = false
    const before = last.done
    const begin = async (): Promise<void> => {
      await new Promise((resume) => setTimeout(resume, QUIET_MS))
      await before
      hasBegun = true
      await work()
    }
    last = { newest: event, done: begin() }
    return last.done
  }
}
