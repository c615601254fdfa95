import type { Session } from '../adapter.ts'
import type { Attempt, Unit } from '../attempt.ts'
import type { UpData } from '../entry.ts'
import { MigrationError, reasonOf } from '../errors.ts'
import { recordFields } from '../run.ts'
import { prepareAll, stageAll } from './stage.ts'

/**
 * Begins the committer's unit, and one of deferred writes in every participant. What these wrote is durable before the
 * commit, which raises `open`. A rollback leaves it: only the log tells whether the commit took effect.
 *
 * @param session the committer's
 */
export async function begin(attempt: Attempt, session: Required<Session>): Promise<Unit | 'taken'> {
  const { bound, entry, run } = attempt
  const { committer } = bound
  const unit: Unit | 'taken' = committer.adapter.capabilities.deferred ? logUnit(attempt) : await session.begin(entry)
  if (unit === 'taken') return unit
  const stagings = await stageAll(attempt).catch(async (error: unknown) => {
    await unit.rollback()
    throw failed(error)
  })
  let prepared: ReturnType<typeof prepareAll> | undefined
  return {
    handle: (kind, storage) => (stagings.get(storage) ?? unit).handle(kind, storage),
    async commit(final) {
      // Once: a commit is tried again where the committer is busy.
      prepared ??= prepareAll(stagings).catch((error: unknown) => {
        throw failed(error)
      })
      const redo = await prepared
      const isOpen = redo.length > 0
      const data = { ...(final.data as UpData), redo }
      const raised = { data, ...recordFields(run, committer, false, [entry]), open: entry.open + 1 }
      const whole = isOpen ? raised : final
      return (await unit.commit(whole)) === 'taken' ? 'taken' : whole
    },
    rollback: () => unit.rollback(),
  }
}

/** What a participant threw fails the attempt, whatever the committer's adapter would make of it: it waits for its own. */
function failed(cause: unknown): MigrationError {
  return cause instanceof MigrationError ? cause : new MigrationError('MIG_R0201', reasonOf(cause), { cause })
}

/** Of a committer whose own writes are deferred: its log entry is the commit. */
function logUnit({ bound, entry }: Attempt): Unit {
  const { name, adapter } = bound.committer
  return {
    handle() {
      throw new TypeError(`"${name}" has no handle.`)
    },
    async commit(final) {
      return (await adapter.log.append([{ ...entry, ...final, done: true }])) === 'taken' ? 'taken' : final
    },
    rollback: async () => {},
  }
}
