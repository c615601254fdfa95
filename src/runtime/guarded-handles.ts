import type { Id } from '../graph/manifest.ts'
import { MigrationError } from './errors.ts'

/**
 * Calls `work` with a function that watches handles. A call that is not awaited would be lost, or land outside of the
 * transaction: work may not end while calls are running, and a handle is dead after it.
 *
 * @throws MigrationError `MIG_R0209` when calls are running at the end of work that succeeded; calls afterwards reject with
 * `MIG_R0210`, and throw it where they give back anything but a promise
 */
export async function withGuardedHandles<Answer>(
  id: Id,
  work: (guard: <T extends object>(handle: T) => T) => Promise<Answer>,
): Promise<Answer> {
  let running = 0
  let isOver = false
  const ended = async (): Promise<void> => {
    running--
  }
  const get = (target: object, property: PropertyKey): unknown => {
    const value: unknown = Object(target)[property]
    if (typeof value !== 'function') return value
    return (...parameters: readonly unknown[]): unknown => {
      if (isOver) {
        const late = new MigrationError('MIG_R0210', 'late call', { id })
        // What gives a promise is an async function, as `ended` is, and throws nothing at whoever calls it.
        if (value.constructor === ended.constructor) return Promise.reject(late)
        throw late
      }
      const answer: unknown = value.apply(target, parameters)
      if (answer instanceof Promise) {
        running++
        answer.then(ended, ended)
      }
      return answer
    }
  }
  try {
    const answer = await work((handle) => new Proxy<typeof handle>(handle, { get }))
    if (running > 0) throw new MigrationError('MIG_R0209', `${running} calls not awaited`, { id })
    return answer
  } finally {
    isOver = true
  }
}
