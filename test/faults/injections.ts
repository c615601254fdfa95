import type { Inject } from './gate.ts'
import type { Fault } from './plan.ts'
import { type Placement } from './scenario.ts'
import { stealLeases } from './steal-leases.ts'
import type { DriverErrors } from './storages/storage-case.ts'

/** What faults that a process survives have to do with the run around them. */
export interface Surroundings {
  readonly placement: Placement
  abort(): void
  /** Another runner, from its start to its end. */
  rival(): Promise<void>
}

/** Faults that a process survives. */
export function injection(fault: Fault, { placement, abort, rival }: Surroundings): Inject {
  const storageOf = (role: string) => placement.find((placed) => placed.role === role)?.storage
  const failing =
    (choose: (errors: DriverErrors) => Error | undefined): Inject =>
    async ({ role, name }, call) => {
      const storage = storageOf(role)
      const error = storage && choose(storage.errors)
      if (!error) return call()
      // A session whose end fails is over all the same, and its connection with it.
      if (name === 'session.close') await call()
      throw error
    }
  switch (fault) {
    case 'reqLost':
      return failing(({ lost }) => lost())
    case 'busy':
      return failing(({ busy }) => busy?.())
    case 'error':
      return failing(({ error }) => error())
    case 'ackLost':
      return async ({ role, name }, call) => {
        const answer = await call()
        const storage = storageOf(role)
        if (!storage || storage.always.includes(name)) return answer
        throw storage.errors.lost()
      }
    case 'abort':
      return (_, call) => {
        abort()
        return call()
      }
    case 'stealLease':
      return async (_, call) => {
        await stealLeases(placement)
        await rival()
        return call()
      }
    default:
      throw new RangeError(`a process does not survive ${fault}`)
  }
}
