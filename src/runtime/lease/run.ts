import { MigrationError } from '../errors.ts'
import type { Run } from '../run.ts'
import type { RunOne, SeveralStorages } from '../several/storages.ts'
import { isWithoutLog } from '../without-log/storage.ts'
import { acquire } from './acquire.ts'
import { Held } from './held.ts'

export interface LeaseTimes {
  readonly usual: number
  /** Where a target keeps no log. */
  readonly withoutLog: number
}

export type Leasing = Pick<SeveralStorages, 'withLease' | 'isLost' | 'runAll'>

const NEVER = (): boolean => false

/**
 * Works while no other process does, where the state is kept elsewhere and can hold a lease. It saves work and nothing
 * else: what keeps a migration from taking effect twice is the log of its target, and a lease that is stolen, or cannot be
 * had, changes nothing but who works.
 *
 * Where a target keeps no log nothing else tells who works there, so a run waits for it longer, and never goes on without.
 *
 * @param times in ms: see `LeaseRecord`
 */
export function leased(runAll: SeveralStorages['runAll'], times: LeaseTimes): Leasing {
  const own = new WeakMap<Run, Held>()
  const withLease: SeveralStorages['withLease'] = async (run, work) => {
    const { state, targets } = run
    const before = own.get(run)
    if (before) return work(() => before.isLost)
    // Where the state is in a target, the runs meet there anyway.
    if (!state.adapter.lease || targets.includes(state)) return work(NEVER)
    const isRequired = targets.some(isWithoutLog)
    const ttl = isRequired ? times.withoutLog : times.usual
    const lease = await acquire(run, ttl, isRequired).catch((error: unknown) => {
      // Then this run does what it does without a cell.
      if (!isRequired && error instanceof MigrationError && error.code === 'MIG_R0207') return 'unreachable'
      throw error
    })
    if (lease === 'overtaken') return
    if (!(lease instanceof Held)) return work(NEVER)
    own.set(run, lease)
    try {
      await work(() => lease.isLost)
    } finally {
      own.delete(run)
      await lease.giveBack()
    }
  }
  return {
    withLease,
    isLost: (run) => own.get(run)?.isLost === true,
    async runAll(run, pending, runOne, complete) {
      if (pending.length === 0) return runAll(run, pending, runOne, complete)
      await withLease(run, (isLost) => {
        const runOneWithLease: RunOne = (given, bound, isLast) => {
          if (!isLost()) return runOne(given, bound, isLast)
          // What is under way ends. What follows is planned again, behind whoever has it now.
          given.state.overtakings++
          return Promise.resolve()
        }
        return runAll(run, pending, runOneWithLease, complete)
      })
    },
  }
}
