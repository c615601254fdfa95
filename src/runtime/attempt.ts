import type { Final, Session, Transaction } from './adapter.ts'
import type { BoundMigration } from './binding.ts'
import type { Entry } from './entry.ts'
import { reasonOf } from './errors.ts'
import { withGuardedHandles } from './guarded-handles.ts'
import type { Kind, Kinds } from './handles.ts'
import type { MigrationContext, Tools, Uses } from './migration.ts'
import { type Run, recordFields } from './run.ts'
import type { Storage } from './storage.ts'

/** One try of one migration, and what it leaves behind when it is not committed. */
export interface Attempt {
  readonly run: Run
  readonly bound: BoundMigration
  /** What the author wrote. @returns what the entry's data has beside the usual */
  readonly work: (context: MigrationContext<Uses>) => Promise<object | void>
  /** The committing entry, as it is before the work is done. */
  readonly entry: Entry
  /** Whether the build's work is complete when this is committed and nothing is left to settle. */
  readonly complete: boolean
  /** Where statements run one at a time: one that may have taken effect may run again, by what its author says. */
  readonly mayRepeat?: boolean | undefined
}

/** What a begun unit can do. An interactive `Transaction` is one. */
export interface Unit extends Pick<Transaction, 'rollback'> {
  handle(kind: Kind, storage: Storage): Kinds[Kind]
  /** `taken`: nothing is committed. Otherwise what is committed, where it is not what was given. */
  commit(final: Final): Promise<Final | 'taken' | void>
}

/**
 * Entry first, then the work, then `done` and the commit. The caller holds the queues of all clients.
 *
 * @returns the committed entry; `taken` when another runner has its serial. When it throws, the transaction is rolled
 * back, but staged work is left: only the log tells whether the commit took effect.
 */
export async function commitAttempt(attempt: Attempt): Promise<Entry | 'taken'> {
  const { bound, entry, run, complete } = attempt
  const { committer } = bound
  // Every session without deferred writes has `begin`.
  const session = (await committer.adapter.open()) as Required<Session>
  try {
    const unit = await committer.patiently<Unit | 'taken'>(
      () => run.deferred?.begin(attempt, session) ?? session.begin(entry),
    )
    if (unit === 'taken') return unit
    let isSent = false
    try {
      const start = performance.now()
      const more = await perform(attempt, unit)
      const data = { ms: Math.round(performance.now() - start), redo: [], ...more }
      const final = { data, ...recordFields(run, committer, complete, [entry]) }
      isSent = true
      const committed = await committer.patiently(async () => (await unit.commit(final)) ?? final)
      if (committed === 'taken') return committed
      const done = { ...entry, ...committed, done: true }
      committer.committed(done)
      return done
    } catch (error) {
      await unit.rollback().catch((rollback: unknown) => {
        // Of a connection that is gone before: whatever it began has ended with it.
        if (isSent) throw new AggregateError([error, rollback], reasonOf(error), { cause: error })
      })
      throw error
    }
  } finally {
    await session.close()
  }
}

/** Calls the work with its handles and tools. */
export function perform({ bound, entry, run, work }: Attempt, unit: Pick<Unit, 'handle'>): Promise<object | void> {
  const { id } = bound.migration
  const tools: Tools = {
    id,
    attempt: entry.attempt,
    tenant: run.options.tenant,
    signal: run.signal,
    params: run.options.params ?? {},
    log: (message) => void run.emit({ type: 'log', id, message }),
    progress: (done, total) => void run.emit({ type: 'progress', id, done, total }),
  }
  return withGuardedHandles(id, (guard) => {
    const handles = bound.roles.map(({ role, kind, storage }) => [role, guard(unit.handle(kind, storage))])
    // Roles are a migration's own names: `fromEntries` defines them, whatever they are called.
    return work(Object.assign(Object.fromEntries(handles), tools))
  })
}
