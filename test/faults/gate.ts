import type { Plan } from './plan.ts'

/** The call of an operation. */
export type Call = () => Promise<unknown>

/** An operation of a storage, e.g. `main.log.append`. */
export interface Operation {
  readonly role: string
  readonly name: string
}

/** Does to an operation what a plan says. */
export type Inject = (operation: Operation, call: Call) => Promise<unknown>

/** Every operation of a run passes here and is counted; one of them meets the fault. */
export class Gate {
  readonly #plan: Plan
  readonly #inject: Inject
  readonly #passed: string[] = []
  /** The operation that met the fault. */
  fired: string | undefined

  constructor(plan: Plan, inject: Inject) {
    this.#plan = plan
    this.#inject = inject
  }

  /** In their order. */
  get passed(): readonly string[] {
    return this.#passed
  }

  async pass(operation: Operation, call: Call): Promise<unknown> {
    const name = `${operation.role}.${operation.name}`
    this.#passed.push(name)
    if (this.#passed.length !== this.#plan.at) return call()
    this.fired = name
    return this.#inject(operation, call)
  }
}
