import type { Session, Strategy } from '../adapter.ts'
import type { Attempt, Unit } from '../attempt.ts'
import type { BoundMigration } from '../binding.ts'
import type { Entry } from '../entry.ts'
import type { Run } from '../run.ts'
import { several } from '../several/storages.ts'
import type { Storage } from '../storage.ts'
import { strategy } from '../strategies.ts'
import { begin } from './begin.ts'
import { discardOrphans } from './discard.ts'
import { type Refused, settleEntry, settleOpen } from './settle.ts'
import { closeAll, discardAll } from './stage.ts'
import { assertCommittersBound } from './unbound.ts'

/**
 * What the runtime does for storages whose writes are deferred. An adapter of such a storage brings it along, so that an
 * application without one does not carry it. Of no use to anybody but the runtime.
 */
export interface DeferredWrites {
  begin(attempt: Attempt, session: Required<Session>): Promise<Unit | 'taken'>
  discardAll(attempt: Attempt): Promise<void>
  closeAll(attempt: Attempt): Promise<void>
  settleEntry(run: Run, committer: Storage, entry: Entry, refused?: Refused): Promise<void>
  settleOpen(run: Run): Promise<void>
  discardOrphans(run: Run): Promise<void>
  assertCommittersBound(run: Run, pending: readonly BoundMigration[]): Promise<void>
}

const deferred: DeferredWrites = {
  begin,
  discardAll,
  closeAll,
  settleEntry,
  settleOpen,
  discardOrphans,
  assertCommittersBound,
}

/** For adapters whose capabilities say `deferred`. */
export const deferredWrites: Strategy = strategy({ deferred, several })
