import { type Attempt, commitAttempt } from './attempt.ts'
import type { BoundMigration } from './binding.ts'
import type { Entry } from './entry.ts'
import { upData } from './entry-data.ts'
import { MigrationError, reasonOf, withDetails } from './errors.ts'
import { loadMigration } from './load.ts'
import { stopIfAborted } from './patience.ts'
import { exclusively } from './queue.ts'
import { record } from './record.ts'
import { type Run, draft } from './run.ts'

/**
 * Runs one migration to its end: committed, settled and recorded. Logs must be caught up. Where another process was
 * first somewhere on the way, the storages are overtaken, and the migration may be applied or not.
 *
 * @param complete whether nothing is left to run after it
 * @throws MigrationError `MIG_R0201` failed, nothing of it took effect · `MIG_R0202` unclear · `MIG_R0203`, and what
 * settling throws
 */
export async function runUnit(run: Run, bound: BoundMigration, complete: boolean): Promise<void> {
  stopIfAborted(run.signal)
  const { migration, committer, storages } = bound
  const { id, hash } = migration
  const loaded = await loadMigration(bound)
  const target = committer.target ?? ''
  const generation = (committer.markers.get(id)?.generation ?? 0) + 1
  const open = committer.last?.open ?? 0
  const serial = committer.nextSerial
  const entry = { ...draft({ kind: 'up', id, target, generation, hash, done: false, open }), serial }
  const attempt: Attempt = { run, bound, loaded, entry, complete, sessions: [], stagings: new Map() }
  const about = { id, target: committer.name, attempt: entry.attempt }
  run.emit({ type: 'started', ...about })
  try {
    const clients = storages.map(({ adapter }) => adapter.client)
    const committed = await exclusively(clients, () => commitAttempt(attempt)).catch((error: unknown) =>
      outcomeAfter(error, attempt, about),
    )
    if (committed === 'taken') {
      committer.overtakings++
      await run.deferred?.discardAll(attempt)
      run.emit({ type: 'overtaken', ...about })
      return
    }
    if (committer.nextSerial === committed.serial) committer.committed(committed)
    run.emit({ type: 'committed', ...about })
    if (committed.open > 0) await run.deferred?.settleEntry(run, committer, committed, complete)
    const applied = { ...about, ms: upData(committed).ms }
    run.applied.push(applied)
    run.planned.delete(id)
    run.emit({ type: 'applied', ...applied })
    await record(run, complete)
  } finally {
    await run.deferred?.closeAll(attempt)
  }
}

/** An error says nothing about the commit: it may have taken effect without an answer. Only the log knows. */
async function outcomeAfter(
  error: unknown,
  attempt: Attempt,
  about: { readonly id: string; readonly target: string; readonly attempt: string },
): Promise<Entry | 'taken'> {
  const { bound, entry, run } = attempt
  const { committer } = bound
  await committer.catchUp().catch((unreadable: unknown) => {
    // A log that can be read, but not be continued, tells more than the failure that led to it: an escaped transaction.
    if (unreadable instanceof MigrationError && unreadable.code !== 'MIG_R0222')
      throw withDetails(unreadable, { ...about, cause: error })
    throw new MigrationError('MIG_R0202', `${reasonOf(error)}; ${reasonOf(unreadable)}`, { ...about, cause: error })
  })
  const mine = committer.markers.get(about.id)
  if (mine?.attempt === entry.attempt) return mine
  if (committer.nextSerial > entry.serial) return 'taken'
  await run.deferred?.discardAll(attempt)
  if (error instanceof MigrationError) throw withDetails(error, about)
  throw new MigrationError('MIG_R0201', reasonOf(error), { ...about, cause: error })
}
