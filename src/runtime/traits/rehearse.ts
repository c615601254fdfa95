import type { Session } from '../adapter.ts'
import { type Attempt, type Unit, perform } from '../attempt.ts'
import type { BoundMigration } from '../binding.ts'
import { MigrationError } from '../errors.ts'
import type { Work } from '../load.ts'
import { catchUp } from '../migrate.ts'
import { exclusively } from '../queue.ts'
import { type Run, draft } from '../run.ts'

/**
 * Does work in a unit that is never committed.
 *
 * @param at the end of the committer's log, where the run does not know it
 * @throws MigrationError `MIG_R0212` where the work has committed it, and what the work throws
 */
export async function rehearse(run: Run, bound: BoundMigration, work: Work, at?: number): Promise<void> {
  const clients = bound.storages.map(({ adapter }) => adapter.client)
  const rehearsal = (): Promise<'taken' | 'done'> => {
    return exclusively(clients, () => tryToRehearse(run, bound, work, at ?? bound.committer.nextSerial))
  }
  while ((await rehearsal()) === 'taken') await catchUp(run)
}

async function tryToRehearse(run: Run, bound: BoundMigration, work: Work, serial: number): Promise<'taken' | 'done'> {
  const { committer, migration } = bound
  const { id, hash } = migration
  // Of no generation: none is taken, whatever the log holds.
  const entry = { ...draft({ kind: 'checked', id, hash, target: committer.target ?? '', done: false }), serial }
  const attempt: Attempt = { run, bound, work, entry, complete: false }
  const answer = await rollingBack(attempt).catch(async (error: unknown) => {
    await assertRolledBack(attempt).catch((found: unknown) => {
      throw found instanceof MigrationError ? found : error
    })
    throw error
  })
  await assertRolledBack(attempt)
  return answer
}

/** Whoever ends the transaction past the handle commits its entry, and the rollback finds nothing to roll back. */
async function assertRolledBack({ bound, entry: { id, attempt } }: Attempt): Promise<void> {
  const { name, adapter } = bound.committer
  const { last } = (await adapter.log.head()) ?? {}
  if (last?.attempt === attempt)
    throw new MigrationError('MIG_R0212', 'a check ended its transaction', { id, target: name, attempt })
}

async function rollingBack(attempt: Attempt): Promise<'taken' | 'done'> {
  const { run, bound, entry } = attempt
  const { committer } = bound
  const session = (await committer.adapter.open()) as Required<Session>
  try {
    const unit = await committer.patiently<Unit | 'taken'>(() =>
      run.deferred ? run.deferred.begin(attempt, session) : session.begin(entry),
    )
    if (unit === 'taken') return unit
    try {
      await perform(attempt, unit)
    } finally {
      await unit.rollback()
      await run.deferred?.discardAll(attempt)
    }
    return 'done'
  } finally {
    await session.close()
    await run.deferred?.closeAll(attempt)
  }
}
