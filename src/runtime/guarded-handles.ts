import type { Id } from '../graph/manifest.ts'
import { MigrationError } from './errors.ts'

/**
 * Watches the handles of one attempt. A call that is not awaited would be lost, or land outside of the transaction, so
 * `finish` refuses while calls are running, and a handle is dead after it.
 */
export class GuardedHandles {
  readonly #id: Id
  #running = 0
  #over = false

  constructor(id: Id) {
    this.#id = id
  }

  guard<T extends object>(handle: T): T {
    return new Proxy(handle, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target)
        if (typeof value !== 'function') return value
        return (...parameters: readonly unknown[]): unknown => {
          this.#assertAlive()
          return this.#watch(Reflect.apply(value, target, parameters))
        }
      },
    })
  }

  /** Called when the migration's code has returned. @throws MigrationError `MIG_R0209` while calls are running */
  finish(): void {
    this.#over = true
    if (this.#running === 0) return
    const calls = this.#running === 1 ? 'a call' : `${this.#running} calls`
    throw new MigrationError('MIG_R0209', `${this.#id} returned while ${calls} on its handles went on.`, {
      id: this.#id,
      next: '`await` every call; the migration was rolled back',
    })
  }

  /** Called when the attempt failed: what still runs gets an error. */
  end(): void {
    this.#over = true
  }

  #assertAlive(): void {
    if (!this.#over) return
    throw new MigrationError('MIG_R0210', `${this.#id} used a handle after it had ended.`, {
      id: this.#id,
      next: '`await` every call inside `up` and `verify`',
    })
  }

  #watch(answer: unknown): unknown {
    if (!(answer instanceof Promise)) return answer
    this.#running++
    const done = (): void => {
      this.#running--
    }
    answer.then(done, done)
    return answer
  }
}
