import type { Attempt } from '../attempt.ts'
import type { Entry, UpData } from '../entry.ts'
import type { Run } from '../run.ts'
import type { Storage } from '../storage.ts'
import { discardOrphans } from './discard.ts'
import { settleEntry } from './settle.ts'
import { type DeferredTransaction, begin, discardAll, prepareAll, stageAll } from './stage.ts'

/**
 * What the runtime does for storages whose writes are deferred. An adapter of such a storage brings it along, so that an
 * application without one does not carry it. Of no use to anybody but the runtime.
 */
export interface DeferredWrites {
  /** Of a committer whose writes are deferred: its log entry is the commit. */
  begin(attempt: Attempt): Promise<DeferredTransaction>
  stageAll(attempt: Attempt): Promise<void>
  prepareAll(attempt: Attempt): Promise<UpData['redo']>
  discardAll(attempt: Attempt): Promise<void>
  settleEntry(run: Run, committer: Storage, entry: Entry, complete: boolean): Promise<void>
  discardOrphans(run: Run): Promise<void>
}

export const deferredWrites: DeferredWrites = {
  begin,
  stageAll,
  prepareAll,
  discardAll,
  settleEntry,
  discardOrphans,
}
