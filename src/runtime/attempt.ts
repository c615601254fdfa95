import type { Session, Staging, Transaction } from './adapter.ts'
import type { BoundMigration } from './binding.ts'
import type { DeferredTransaction } from './deferred/stage.ts'
import type { Entry } from './entry.ts'
import { reasonOf } from './errors.ts'
import { withGuardedHandles } from './guarded-handles.ts'
import type { Loaded } from './load.ts'
import type { MigrationContext, Tools, Uses } from './migration.ts'
import { type Run, recordFields } from './run.ts'
import type { Storage } from './storage.ts'

/** One try of one migration, and what it leaves behind when it is not committed. */
export interface Attempt {
  readonly run: Run
  readonly bound: BoundMigration
  readonly loaded: Loaded
  /** The committing entry, as it is before the work is done. */
  readonly entry: Entry
  /** Whether the build's work is complete when this is committed and nothing is left to settle. */
  readonly complete: boolean
  /** Filled on the way; sessions are the caller's to close. */
  readonly sessions: Session[]
  readonly stagings: Map<Storage, Staging>
}

/**
 * Entry first, then the work, then `done` and the commit. The caller holds the queues of all clients.
 *
 * @returns the committed entry; `taken` when another runner has its serial. When it throws, the transaction is rolled
 * back, but staged work is left: only the log tells whether the commit took effect.
 */
export async function commitAttempt(attempt: Attempt): Promise<Entry | 'taken'> {
  const { committer } = attempt.bound
  const { adapter } = committer
  const session = await adapter.open()
  try {
    const transaction = await committer.patiently<Committing | 'taken'>(() =>
      // Every session without deferred writes has `begin`.
      adapter.deferred ? adapter.deferred.begin(attempt) : (session as Required<Session>).begin(attempt.entry),
    )
    return transaction === 'taken' ? transaction : await workAndCommit(attempt, transaction)
  } finally {
    await session.close()
  }
}

type Committing = Transaction | DeferredTransaction

async function workAndCommit(attempt: Attempt, transaction: Committing): Promise<Entry | 'taken'> {
  const { bound, entry, run } = attempt
  const { deferred } = run
  const start = performance.now()
  try {
    await deferred?.stageAll(attempt)
    await work(attempt, transaction)
    const redo = (await deferred?.prepareAll(attempt)) ?? []
    const open = entry.open + Math.min(redo.length, 1)
    const data = { ms: Math.round(performance.now() - start), redo }
    const final = { data, open, ...(await recordFields(run, bound.committer, attempt.complete && open === 0)) }
    const answer = await bound.committer.patiently(async () => (await transaction.commit(final)) ?? 'committed')
    return answer === 'taken' ? answer : { ...entry, ...final, done: true }
  } catch (error) {
    await transaction.rollback().catch((rollback: unknown) => {
      throw new AggregateError([error, rollback], reasonOf(error), { cause: error })
    })
    throw error
  }
}

function work({ bound, entry, loaded, run, stagings }: Attempt, transaction: Committing): Promise<void> {
  const { id } = bound.migration
  const tools: Tools = {
    id,
    attempt: entry.attempt,
    tenant: run.options.tenant,
    signal: run.signal,
    params: run.options.params ?? {},
    log: (message) => run.emit({ type: 'log', id, message }),
    progress: (done, total) => run.emit({ type: 'progress', id, done, total }),
  }
  return withGuardedHandles(id, async (guard) => {
    const handles = bound.roles.map(({ role, kind, storage }) => {
      return [role, guard((stagings.get(storage) ?? transaction).handle(kind))]
    })
    // Roles are a migration's own names: `fromEntries` defines them, whatever they are called.
    const context: MigrationContext<Uses> = Object.assign(Object.fromEntries(handles), tools)
    await loaded.up(context)
    await loaded.verify?.(context)
  })
}
