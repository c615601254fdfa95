import { type Attempt, commitAttempt } from './attempt.ts'
import type { BoundMigration } from './binding.ts'
import type { Entry } from './entry.ts'
import { upData } from './entry-data.ts'
import { MigrationError, reasonOf, withDetails } from './errors.ts'
import { loadMigration } from './load.ts'
import { LONGEST, pause, stopIfAborted } from './patience.ts'
import { exclusively } from './queue.ts'
import { record } from './record.ts'
import { type Run, draft, overtakings } from './run.ts'

/** One unit of work that commits as one. */
export interface Change extends Pick<Attempt, 'bound' | 'complete' | 'work' | 'mayRepeat'> {
  readonly kind: 'up' | 'down' | 'step'
}

/** Applies one migration as a whole. @throws MigrationError what `loadMigration` and `runUnit` throw */
export async function runMigration(run: Run, bound: BoundMigration, complete: boolean): Promise<void> {
  const { up, verify } = await loadMigration(bound)
  const work: Change['work'] = async (context) => {
    await up?.(context)
    await verify?.(context)
  }
  await runUnit(run, { kind: 'up', bound, complete, work })
}

/**
 * Runs one change to its end: committed, settled and recorded. Logs must be caught up. Where another process was first
 * somewhere on the way, the storages are overtaken, and the migration may be applied or not.
 *
 * @throws MigrationError `MIG_R0201` failed, nothing of it took effect · `MIG_R0202` unclear, and what settling throws
 */
export async function runUnit(run: Run, change: Change): Promise<void> {
  stopIfAborted(run.signal)
  const known = overtakings(run)
  const { kind, bound, complete } = change
  const { migration, committer, storages } = bound
  const { id, hash } = migration
  const entry = draft({
    serial: committer.nextSerial,
    kind,
    id,
    target: committer.target ?? '',
    generation: kind === 'step' ? 0 : (committer.standing().get(id)?.generation ?? 0) + 1,
    hash,
    done: false,
    open: committer.last?.open ?? 0,
  })
  const attempt: Attempt = { ...change, run, entry }
  const about = { id, target: committer.name, attempt: entry.attempt }
  await run.emit({ type: 'started', kind, ...about })
  try {
    const clients = storages.map(({ adapter }) => adapter.client)
    const committed = await (run.statements?.commit(attempt) ??
      exclusively(clients, () => commitAttempt(attempt)).catch((error: unknown) => outcomeAfter(error, attempt, about)))
    if (!committed || committed === 'taken') {
      committer.overtakings++
      if (committed) await run.deferred?.discardAll(attempt)
      void run.emit({ type: 'overtaken', ...about })
      return
    }
    void run.emit({ type: 'committed', ...about })
    if (committed.open > 0) await run.deferred?.settleEntry(run, committer, committed)
    const done = { ...about, ms: upData(committed).ms }
    if (kind !== 'step') {
      run.applied.push(done)
      run.planned.delete(id)
    }
    // What others wrote since then may take back what makes it complete.
    await record(run, complete && overtakings(run) === known)
    await run.emit({ type: 'applied', kind, ...done })
  } finally {
    await run.deferred?.closeAll(attempt)
  }
}

/**
 * An error says nothing about the commit: it may have taken effect without an answer, and only the log knows. Not even the
 * log while the commit may still arrive: whoever comes next meets it at its place in the log.
 *
 * @returns nothing where it may succeed when it is run again
 */
async function outcomeAfter(
  error: unknown,
  attempt: Attempt,
  about: { readonly id: string; readonly target: string; readonly attempt: string },
): Promise<Entry | 'taken' | undefined> {
  const { bound, entry, run } = attempt
  const { committer } = bound
  const unclear = (cause: unknown): never => {
    throw new MigrationError('MIG_R0202', `${reasonOf(error)}; ${reasonOf(cause)}`, { ...about, cause: error })
  }
  await committer.catchUp().catch((unreadable: unknown) => {
    // A log that can be read, but not be continued, tells more than the failure that led to it: an escaped transaction.
    if (Object(unreadable).code === 'MIG_R0212') throw withDetails(unreadable, { ...about, cause: error })
    unclear(unreadable)
  })
  const found = committer.entries[entry.serial]
  // One without data escaped, and somebody has said meanwhile what came of it.
  if (found) return found.attempt === entry.attempt && found.data ? found : 'taken'
  const isOpen = error instanceof AggregateError
  const reason = isOpen ? error.cause : error
  if (!(reason instanceof MigrationError) && committer.adapter.classify(reason) === 'retry' && run.retries-- > 0) {
    await pause(LONGEST)
    return undefined
  }
  if (isOpen) unclear(error.errors[1])
  // Whoever gave up waiting for an answer does not know what will come of what it sent.
  if (!/R020[56]/.test(Object(error).code)) await run.deferred?.discardAll(attempt)
  if (error instanceof MigrationError) throw withDetails(error, about)
  throw new MigrationError('MIG_R0201', reasonOf(error), { ...about, cause: error })
}
