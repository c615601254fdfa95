import { type Attempt, commitAttempt } from './attempt.ts'
import type { BoundMigration } from './binding.ts'
import type { Entry } from './entry.ts'
import { upData } from './entry-data.ts'
import { MigrationError, reasonOf, withDetails } from './errors.ts'
import { type Loaded, loadMigration } from './load.ts'
import type { Tools } from './migration.ts'
import { exclusively } from './queue.ts'
import { type Run, draft, recordFields } from './run.ts'
import { ulid } from './ulid.ts'

/**
 * Runs one migration to its end: committed, settled and recorded. Logs must be caught up.
 *
 * @param complete whether nothing is left to run after it
 * @returns `overtaken` when another process was first somewhere on the way: catch up and plan again
 * @throws MigrationError `MIG_R0201` failed, nothing of it took effect · `MIG_R0202` unclear · `MIG_R0203`, and what
 * settling throws
 */
export async function runUnit(run: Run, bound: BoundMigration, complete: boolean): Promise<'applied' | 'overtaken'> {
  const { migration, committer, participants } = bound
  const attempt = newAttempt(run, bound, await loadMigration(bound), complete)
  const { id } = migration
  const about = { id, target: committer.name, attempt: attempt.entry.attempt }
  run.emit({ type: 'started', ...about })
  try {
    const clients = [committer, ...participants].map(({ adapter }) => adapter.client)
    const outcome = await exclusively(clients, () => commitAttempt(attempt)).catch((error: unknown) =>
      outcomeAfter(error, attempt),
    )
    if (outcome === 'taken') {
      await discard(attempt)
      run.emit({ type: 'overtaken', id, target: committer.name })
      return 'overtaken'
    }
    if (committer.nextSerial === outcome.serial) committer.committed(outcome)
    run.emit({ type: 'committed', ...about })
    if (outcome.open > 0) await run.binding.deferred?.settleEntry(run, committer, outcome, complete)
    const { ms } = upData(outcome)
    run.applied.push({ ...about, ms })
    run.emit({ type: 'applied', ...about, ms })
    return (await record(run, bound, outcome, complete)) === 'taken' ? 'overtaken' : 'applied'
  } finally {
    for (const session of attempt.sessions) await session.close()
  }
}

function newAttempt(run: Run, bound: BoundMigration, loaded: Loaded, complete: boolean): Attempt {
  const { committer, migration } = bound
  const target = committer.target ?? ''
  const attempt = ulid()
  const before = committer.ups(target).get(migration.id)
  const entry = {
    ...draft({ kind: 'up', id: migration.id, target, attempt, hash: migration.hash, done: false }),
    serial: committer.nextSerial,
    generation: (before?.generation ?? 0) + 1,
    open: committer.last?.open ?? 0,
  }
  return { run, bound, loaded, entry, tools: toolsOf(run, entry), complete, sessions: [], stagings: new Map() }
}

function toolsOf(run: Run, entry: Entry): Tools {
  const id = entry.id ?? ''
  return {
    id,
    attempt: entry.attempt,
    tenant: run.options.tenant,
    signal: run.patience.signal,
    params: run.options.params ?? {},
    log: (message) => run.emit({ type: 'log', id, message }),
    progress: (done, total) => run.emit({ type: 'progress', id, done, total }),
  }
}

/** An error says nothing about the commit: it may have taken effect without an answer. Only the log knows. */
async function outcomeAfter(error: unknown, attempt: Attempt): Promise<Entry | 'taken'> {
  const { bound, entry } = attempt
  const { committer } = bound
  const about = { id: entry.id ?? '', target: committer.name, attempt: entry.attempt }
  try {
    await committer.catchUp()
  } catch (unreadable) {
    // A log that can be read, but not be continued, tells more than the failure that led to it: an escaped transaction.
    if (unreadable instanceof MigrationError && unreadable.code !== 'MIG_R0222')
      throw withDetails(unreadable, { ...about, cause: error })
    const cause = new AggregateError([error, unreadable], reasonOf(error))
    const text = `${entry.id} failed on "${committer.name}", whose log cannot be read: ${reasonOf(error)}`
    throw new MigrationError('MIG_R0202', text, { ...about, cause })
  }
  const mine = committer.ups(entry.target).get(about.id)
  if (mine?.attempt === entry.attempt) return mine
  if (committer.nextSerial > entry.serial) return 'taken'
  await discard(attempt)
  if (error instanceof MigrationError) throw withDetails(error, about)
  const text = `${entry.id} failed on "${committer.name}": ${reasonOf(error)}`
  throw new MigrationError('MIG_R0201', text, { ...about, cause: error })
}

async function discard(attempt: Attempt): Promise<void> {
  for (const staging of attempt.stagings.values()) await staging.discard()
}

/** The state store's record of a migration that another storage committed. It follows the commit. */
async function record(
  run: Run,
  bound: BoundMigration,
  committed: Entry,
  complete: boolean,
): Promise<'appended' | 'taken'> {
  const { state } = run.binding
  if (state === bound.committer) return 'appended'
  // Whoever settled it in our place has recorded it too.
  if (state.ups(committed.target).get(bound.migration.id)?.attempt === committed.attempt) return 'appended'
  return state.append([recordOf(committed, state.last?.open ?? 0, await recordFields(run, state, complete))])
}

/** An `up` entry as another storage's log tells of it: the same, without the staged work. */
export function recordOf(
  up: Entry,
  open: number,
  fields: Pick<Entry, 'satisfied' | 'targets'>,
): ReturnType<typeof draft> {
  const { serial: _, ...entry } = up
  return { ...entry, open, data: { ms: upData(up).ms, redo: [] }, ...fields }
}
