import type { Strategy } from '../adapter.ts'
import type { BoundMigration } from '../binding.ts'
import type { SeenTarget } from '../entry.ts'
import type { Run } from '../run.ts'
import { strategy } from '../strategies.ts'
import { leased } from '../lease/run.ts'
import { assertIdentity, assertSameInstallation, establishAll } from './identity.ts'
import { isCurrent, readHeads } from './heads.ts'
import { recordMissing, seen } from './records.ts'
import { runSideBySide } from './side-by-side.ts'
import { catchUpAll } from './snapshot.ts'

/**
 * What the runtime does where a run has more than one storage: a state store beside its target, or several targets. An
 * application with one does not carry it.
 */
export interface SeveralStorages {
  assertSameInstallation(run: Run): void
  assertIdentity(run: Run): void
  /** Writes the genesis of every storage that has none. */
  establishAll(run: Run): Promise<void>
  /** Reads the last entries that tell whether there is anything to do. */
  readHeads(run: Run): Promise<void>
  /** See `isCurrent` of the runtime. */
  isCurrent(run: Run): boolean
  /** The targets of the state's next entry. */
  seen(run: Run): readonly SeenTarget[]
  /** Writes the records that the state lacks. @returns whether there were any, or the state cannot be complete yet */
  recordMissing(run: Run, complete: boolean): Promise<boolean>
  catchUpAll(run: Run): Promise<void>
  /**
   * Waits until no other run works, where there is a way to know, and then calls `work`; not where others have written
   * meanwhile. Within it, once more is the same.
   *
   * @param work asks before each unit whether others may think by now that nobody works
   */
  withLease(run: Run, work: (isLost: () => boolean) => Promise<void>): Promise<void>
  /** Whether this run took the lease, and others may think by now that nobody works. Absent where nobody takes one. */
  isLost?(run: Run): boolean
  /** Runs what is pending, with the lease; ends early when another process was first. */
  runAll(run: Run, pending: readonly BoundMigration[], runOne: RunOne, complete: boolean): Promise<void>
}

export type RunOne = (run: Run, bound: BoundMigration, complete: boolean) => Promise<void>

/**
 * A holder that is gone is waited for four and a half seconds. One that is alive gives a sign of it every second, and thinks
 * that it has lost the lease after less than two. Where a target keeps no log, ten times as long.
 */
const TIMES = { usual: 3_000, withoutLog: 30_000 }

export const several: SeveralStorages = {
  assertSameInstallation,
  assertIdentity,
  establishAll,
  readHeads,
  isCurrent,
  seen,
  recordMissing,
  catchUpAll,
  ...leased(runSideBySide, TIMES),
}

/** For adapters of storages that are often used together with others. */
export const severalStorages: Strategy = strategy({ several })

export default severalStorages
