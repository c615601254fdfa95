import type { Session } from '../adapter.ts'
import { type Attempt, perform } from '../attempt.ts'
import type { Entry, UpData } from '../entry.ts'
import { MigrationError, reasonOf, withDetails } from '../errors.ts'
import { assertHere } from '../identity.ts'
import { exclusively } from '../queue.ts'
import { draft } from '../run.ts'
import type { JournalData } from '../statements/journal.ts'
import { appendToState, entriesAbout } from './log.ts'

const BEGIN: JournalData = { phase: 'begin', k: 1, statement: '' }

/**
 * Intent, run, done: both in the state's log. Whoever dies between them leaves effects that nothing tells of, and the next
 * run does all of it again, which its author says it may.
 *
 * @param client the storage's own
 * @returns the entry that says that it is done; `taken` where others have written to the state before it began, or worked
 * on this storage until it was done
 * @throws MigrationError `MIG_R0276` failed, and what it did stays · `MIG_R0207` done, and the state cannot be written
 */
export async function commitWithoutLog(attempt: Attempt, client: object): Promise<Entry | 'taken'> {
  const { run, bound, entry } = attempt
  const { committer } = bound
  const { id, hash, target, serial } = entry
  const intent = draft({ kind: 'step', id, hash, target, attempt: entry.attempt, data: BEGIN })
  // It is no part of the storage's own log, whose end it leaves where it was.
  const begun = await appendToState(run, committer, [{ ...intent, serial: serial - 1 }])
  if (begun === 'taken') return begun
  // The state may have the same client: what is written there waits in the same queue.
  const data = await exclusively([client], async () =>
    // In the queues others may have taken long. Nothing else tells who works there.
    run.several?.isLost?.(run) ? undefined : performWithoutLog(attempt),
  )
  if (!data) return 'taken'
  const done: Entry = { ...entry, data, open: 0, done: true }
  if ((await tell(attempt, done)) === 'taken') return 'taken'
  committer.committed(done)
  return done
}

async function performWithoutLog(attempt: Attempt): Promise<UpData> {
  const { committer } = attempt.bound
  const { id, attempt: name } = attempt.entry
  const about = { id, target: committer.name, attempt: name }
  const session = (await committer.adapter.open()) as Required<Session>
  const start = performance.now()
  try {
    const more = await perform(attempt, { handle: (kind) => session.handle(kind) })
    return { ms: Math.round(performance.now() - start), redo: [], ...more }
  } catch (cause) {
    if (cause instanceof MigrationError) throw withDetails(cause, about)
    throw new MigrationError('MIG_R0276', reasonOf(cause), { ...about, cause })
  } finally {
    await session.close()
  }
}

/** What has happened is told whatever others have written meanwhile, but for those who worked on the same storage. */
async function tell({ run, bound }: Attempt, done: Entry): Promise<'appended' | 'taken'> {
  const { state } = run
  for (;;) {
    if ((await appendToState(run, bound.committer, [done])) === 'appended') return 'appended'
    await exclusively([state], () => state.catchUp())
    assertHere(state, state.entries.slice(-1))
    const [found] = entriesAbout(state, done.target).slice(done.serial - 1)
    // Our own where an answer was lost.
    if (found) return found.attempt === done.attempt ? 'appended' : 'taken'
  }
}
