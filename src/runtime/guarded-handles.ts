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
          if (this.#over) throw this.#error('MIG_R0210', 'used a handle after it had ended')
          const answer: unknown = Reflect.apply(value, target, parameters)
          if (answer instanceof Promise) this.#watch(answer)
          return answer
        }
      },
    })
  }

  /** Called when the migration's code has returned. @throws MigrationError `MIG_R0209` while calls are running */
  finish(): void {
    this.end()
    if (this.#running > 0) throw this.#error('MIG_R0209', `returned while ${this.#running} of its calls went on`)
  }

  /** Called when the attempt failed: what still runs gets an error. */
  end(): void {
    this.#over = true
  }

  #watch(answer: Promise<unknown>): void {
    const done = (): void => {
      this.#running--
    }
    this.#running++
    answer.then(done, done)
  }

  #error(code: 'MIG_R0209' | 'MIG_R0210', what: string): MigrationError {
    return new MigrationError(code, `${this.#id} ${what}.`, { id: this.#id })
  }
}
