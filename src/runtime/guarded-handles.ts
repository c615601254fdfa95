import type { Id } from '../graph/manifest.ts'
import { MigrationError } from './errors.ts'

/**
 * Calls `work` with a function that watches handles. A call that is not awaited would be lost, or land outside of the
 * transaction: work may not end while calls are running, and a handle is dead after it.
 *
 * @throws MigrationError `MIG_R0209` when calls are running at the end of work that succeeded; the handles throw
 * `MIG_R0210` afterwards
 */
export async function withGuardedHandles<Answer>(
  id: Id,
  work: (guard: <T extends object>(handle: T) => T) => Promise<Answer>,
): Promise<Answer> {
  let running = 0
  let isOver = false
  const ended = (): void => {
    running--
  }
  const get = (target: object, property: PropertyKey): unknown => {
    const value: unknown = Reflect.get(target, property)
    if (typeof value !== 'function') return value
    return (...parameters: readonly unknown[]): unknown => {
      if (isOver) throw new MigrationError('MIG_R0210', 'late call', { id })
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
