import type { Session, Staging, Transaction } from './adapter.ts'
import type { BoundMigration, BoundRole } from './binding.ts'
import type { Entry } from './entry.ts'
import { reasonOf } from './errors.ts'
import { GuardedHandles } from './guarded-handles.ts'
import type { Kind, Kinds } from './handles.ts'
import type { Loaded } from './load.ts'
import type { Tools, MigrationContext, Uses } from './migration.ts'
import { patiently } from './patience.ts'
import { type Run, recordFields } from './run.ts'
import type { Storage } from './storage.ts'

/** One try of one migration, and what it leaves behind when it is not committed. */
export interface Attempt {
  readonly run: Run
  readonly bound: BoundMigration
  readonly loaded: Loaded
  /** The committing entry, as it is before the work is done. */
  readonly entry: Entry
  readonly tools: Tools
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
  const { bound, entry, run } = attempt
  const start = performance.now()
  const transaction = await beginTransaction(attempt)
  if (transaction === 'taken') return 'taken'
  try {
    const { deferred } = run.binding
    await deferred?.stageAll(attempt)
    await work(attempt, transaction)
    const redo = (await deferred?.prepareAll(attempt)) ?? []
    const data = { ms: Math.round(performance.now() - start), redo }
    const open = entry.open + (redo.length > 0 ? 1 : 0)
    const final = { data, open, ...(await recordFields(run, bound.committer, attempt.complete && open === 0)) }
    const committed: Entry = { ...entry, ...final, done: true }
    const answer = await patiently(run.patience, bound.committer, async () =>
      transaction ? ((await transaction.commit(final)) ?? 'appended') : bound.committer.adapter.log.append([committed]),
    )
    return answer === 'taken' ? answer : committed
  } catch (error) {
    await transaction?.rollback().catch((rollback: unknown) => {
      throw new AggregateError([error, rollback], reasonOf(error), { cause: error })
    })
    throw error
  }
}

async function beginTransaction(attempt: Attempt): Promise<Transaction | 'taken' | null> {
  const { committer } = attempt.bound
  if (committer.adapter.capabilities.atomic === 'key') return null
  const session = await committer.adapter.open()
  attempt.sessions.push(session)
  if (!session.begin) throw new TypeError(`The adapter ${committer.adapter.name} lacks begin().`)
  const begin = session.begin.bind(session)
  return patiently(attempt.run.patience, committer, () => begin(attempt.entry))
}

async function work(attempt: Attempt, transaction: Transaction | null): Promise<void> {
  const handles = new GuardedHandles(attempt.bound.migration.id)
  const context = contextOf(attempt, (role) => handles.guard(handleOf(attempt, transaction, role)))
  try {
    await attempt.loaded.up(context)
    await attempt.loaded.verify?.(context)
    handles.finish()
  } finally {
    handles.end()
  }
}

function contextOf(attempt: Attempt, handle: (role: BoundRole) => object): MigrationContext<Uses> {
  const roles = attempt.bound.roles.map((role) => [role.role, handle(role)] as const)
  // Roles are a migration's own names: `fromEntries` defines them, whatever they are called.
  return Object.assign(Object.fromEntries(roles), attempt.tools) as MigrationContext<Uses>
}

function handleOf(attempt: Attempt, transaction: Transaction | null, { kind, storage }: BoundRole): Kinds[Kind] {
  const source = attempt.stagings.get(storage) ?? transaction
  if (source) return source.handle(kind)
  throw new TypeError(`"${storage.name}" has no handle.`)
}
