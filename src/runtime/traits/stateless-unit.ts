import type { Session, Transaction } from '../adapter.ts'
import { type Attempt, perform } from '../attempt.ts'
import type { BoundMigration } from '../binding.ts'
import { MigrationError, reasonOf, withDetails } from '../errors.ts'
import { LONGEST, pause, stopIfAborted } from '../patience.ts'
import { exclusively } from '../queue.ts'
import { type Run, draft } from '../run.ts'

/** What a transaction found, and whether it is known what became of it. */
type End = { readonly ms: number } | 'was done'

class UnclearCommit extends Error {}

/**
 * Runs one migration in a transaction that leaves no entry. A try whose commit may or may not have taken effect is
 * followed by another, which is behind it: see `none`.
 *
 * @throws MigrationError `MIG_R0201` failed, nothing of it took effect · `MIG_R0202` unclear
 */
export async function runStateless(run: Run, bound: BoundMigration, work: Attempt['work']): Promise<void> {
  const { committer, migration } = bound
  const { id } = migration
  for (;;) {
    stopIfAborted(run.signal)
    const attempt = attemptOf(run, bound, work)
    const { entry } = attempt
    const about = { id, target: committer.name, attempt: entry.attempt }
    await run.emit({ type: 'started', kind: 'up', ...about })
    try {
      const end = await exclusively([committer.adapter.client], () => commit(attempt))
      run.planned.delete(id)
      if (end === 'was done') return void run.emit({ type: 'skipped', id })
      void run.emit({ type: 'committed', ...about })
      const done = { ...about, ms: end.ms }
      run.applied.push(done)
      return await run.emit({ type: 'applied', kind: 'up', ...done })
    } catch (error) {
      if (error instanceof MigrationError) throw withDetails(error, about)
      const isUnclear = error instanceof UnclearCommit
      const mayRepeat = isUnclear || committer.adapter.classify(error) === 'retry'
      if (!mayRepeat || run.retries-- <= 0)
        throw new MigrationError(isUnclear ? 'MIG_R0202' : 'MIG_R0201', reasonOf(error), { ...about, cause: error })
      void run.emit({ type: 'overtaken', ...about })
      await pause(LONGEST)
    }
  }
}

/** Does work in a transaction that is rolled back. @returns what the work does */
export function askStateless(run: Run, bound: BoundMigration, work: Attempt['work']): Promise<object | void> {
  const attempt = attemptOf(run, bound, work)
  return exclusively([bound.committer.adapter.client], () =>
    inTransaction(attempt, async (unit) => {
      const answer = await perform(attempt, unit)
      await unit.rollback()
      return answer
    }),
  )
}

function attemptOf(run: Run, bound: BoundMigration, work: Attempt['work']): Attempt {
  const { id, hash } = bound.migration
  const entry = { ...draft({ kind: 'up', id, target: '', hash, done: false }), serial: 0 }
  return { run, bound, work, entry, complete: false }
}

function commit(attempt: Attempt): Promise<End> {
  const { committer } = attempt.bound
  return inTransaction(attempt, async (unit): Promise<End> => {
    const start = performance.now()
    const { probed } = Object(await perform(attempt, unit)) as { readonly probed?: true }
    if (probed) {
      await unit.rollback()
      return 'was done'
    }
    const final = { data: null, satisfied: [], open: 0, targets: [] }
    await committer.patiently(async () => (await unit.commit(final)) ?? 'committed').catch(refuseToGuess)
    return { ms: Math.round(performance.now() - start) }
  })
}

async function inTransaction<Answer>(
  { bound: { committer } }: Attempt,
  work: (unit: Transaction) => Promise<Answer>,
): Promise<Answer> {
  // Whoever says `unrecorded` has `begin`.
  const session = (await committer.adapter.open()) as Required<Session>
  try {
    const unit = await committer.patiently(() => session.begin(null))
    if (unit === 'taken') throw new TypeError('There is no entry to be taken.')
    try {
      return await work(unit)
    } catch (error) {
      // A connection that is lost before the commit takes all with it.
      await unit.rollback().catch(() => {})
      throw error
    }
  } finally {
    await session.close()
  }
}

/** Only what an adapter says before it sends the commit is certain: it comes under a code of its own. */
function refuseToGuess(cause: unknown): never {
  if (cause instanceof MigrationError && cause.code !== 'MIG_R0201') throw cause
  throw new UnclearCommit(reasonOf(cause), { cause })
}
