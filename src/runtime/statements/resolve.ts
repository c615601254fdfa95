import type { Direct } from '../adapter.ts'
import type { BoundMigration } from '../binding.ts'
import type { MarkData } from '../entry.ts'
import { MigrationError } from '../errors.ts'
import { markOf } from '../mark.ts'
import { type Run, draft } from '../run.ts'
import { Overtaken, append, appendJournal, catchUp } from './append.ts'
import { type Journal, journalOf } from './journal.ts'
import { underLock } from './lock.ts'

/** What there is of a migration that did not come to its end. Logs must be caught up. */
export function interrupted({ migration, committer }: BoundMigration): Journal | undefined {
  const journal = journalOf(committer, migration)
  return journal.attempt === undefined ? undefined : journal
}

/**
 * Writes down what somebody has found out: of the statement that is not clear, so that the next run goes on behind it, or
 * with it; where all are clear, of the migration as a whole. Takes the lock first: whatever was sent has come to its end.
 *
 * @param attempt of the last try, as the error named it
 * @throws MigrationError `MIG_R0125` where that try has left nothing behind
 */
export async function resolve(run: Run, bound: BoundMigration, attempt: string, data: MarkData): Promise<void> {
  const { migration, committer } = bound
  const write = async (direct: Direct): Promise<void> => {
    const journal = interrupted(bound)
    if (journal?.attempt !== attempt)
      throw new MigrationError('MIG_R0125', `attempt ${attempt} left nothing behind`, { id: migration.id, attempt })
    if (journal.unclear) await resolveStatement(run, bound, direct, journal.unclear, data)
    else await mark(run, bound, direct, attempt, data)
  }
  await underLock(run, committer, async (direct) => {
    for (;;) {
      await catchUp(committer, direct)
      try {
        return await write(direct)
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error
      }
    }
  })
}

async function resolveStatement(
  run: Run,
  bound: BoundMigration,
  direct: Direct,
  { attempt, k, statement }: NonNullable<Journal['unclear']>,
  { applied, reason, who }: MarkData,
): Promise<void> {
  const { migration, committer } = bound
  const target = committer.target ?? ''
  const entry = { ...draft({ kind: 'step', id: migration.id, hash: migration.hash, attempt, target }), serial: 0 }
  const phase = applied ? 'end' : 'failed'
  await appendJournal({ run, bound, entry }, direct, { phase, k, statement, reason, who }, 'outside')
}

async function mark(
  run: Run,
  { migration, committer }: BoundMigration,
  direct: Direct,
  attempt: string,
  data: MarkData,
): Promise<void> {
  const entry = { ...markOf(run, committer, migration, data), attempt, serial: committer.nextSerial }
  if ((await append(committer, direct, entry, 'outside')) === 'taken') throw new Overtaken()
}
