import type { Id } from '../graph/manifest.ts'
import type { Entry, MarkData } from '../runtime/entry.ts'
import { MigrationError } from '../runtime/errors.ts'
import { catchUp } from '../runtime/migrate.ts'
import { exclusively } from '../runtime/queue.ts'
import { record } from '../runtime/record.ts'
import { type Run, draft } from '../runtime/run.ts'
import type { Storage } from '../runtime/storage.ts'
import { readHeads } from './read.ts'
import type { Report, Statement } from './report.ts'
import { resolveInterrupted } from './resolve-interrupted.ts'
import { resolveUnsettled } from './resolve-unsettled.ts'

/** What came of an attempt of which nobody can know but people. */
export interface Verdict extends Statement {
  /** UUID of the attempt, as the error says it (`MIG_R0212`, `MIG_R0231`, `MIG_R0236`, `MIG_R0270`, `MIG_R0272`). Any other: nothing is done. */
  readonly attempt: string
}

/** An entry that was never completed: its migration ended its own transaction. */
export interface Doubt {
  readonly storage: Storage
  readonly entry: Entry
}

/**
 * Says whether the effect of a migration is in its target, where its log cannot tell. The entry stays as it is; the mark
 * that follows it is what counts.
 *
 * @throws MigrationError `MIG_R0125` where no attempt is in doubt, or another one
 */
export async function resolveAttempt(
  run: Run,
  id: Id,
  verdict: 'applied' | 'not-applied',
  about: Verdict,
): Promise<Report> {
  const { attempt, reason, who, dryRun = false } = about
  const doubts = await doubtsIn(run)
  if (doubts.length === 0)
    return (await resolveUnsettled(run, id, verdict, about)) ?? resolveInterrupted(run, id, verdict, about)
  const found = doubts.find(({ entry }) => entry.attempt === attempt && entry.id === id)
  if (!found) throw new MigrationError('MIG_R0125', `attempt ${attempt} is not in doubt`, { id, attempt })
  const { storage, entry } = found
  const applied = verdict === 'applied'
  // Which step it was, and what it gave back, was never written.
  if (applied && entry.kind === 'step')
    throw new MigrationError('MIG_R0125', 'one of its steps is in doubt, not all of it', {
      id,
      attempt,
      next: `undo what the step did, then resolve('${id}', 'not-applied', …)`,
    })
  if (!dryRun) {
    await underLock(storage, () => appendVerdict(found, { applied, reason, who: who ?? null }))
    await readHeads(run)
    await catchUp(run)
    // A state that is lost has to begin anew first.
    if (run.state.genesis) await record(run, false)
  }
  return { dryRun, actions: [{ do: 'mark', id, target: storage.name, applied }], findings: [] }
}

/** Of every log, also those that the runtime cannot go by. */
export async function doubtsIn({ storages }: Run): Promise<readonly Doubt[]> {
  const found = await Promise.all(
    storages.map(async (storage): Promise<readonly Doubt[]> => {
      const { client, log } = storage.adapter
      const head = await storage.patiently(() => exclusively([client], () => log.head()))
      const last = head?.last
      // Nobody continues such a log: it is the last entry.
      return last && !last.done ? [{ storage, entry: last }] : []
    }),
  )
  return found.flat()
}

/** Whoever may still be at work on it has ended then. */
export async function underLock(storage: Storage, work: () => Promise<void>): Promise<void> {
  // Whatever is written to its log takes the lock by itself.
  if (storage.adapter.capabilities.atomic === 'statement') return work()
  const session = await storage.adapter.open()
  try {
    if (session.tryLock) await storage.patiently(async () => ((await session.tryLock?.()) ? true : undefined))
    try {
      await work()
    } finally {
      await session.unlock?.()
    }
  } finally {
    await session.close()
  }
}

/** @throws MigrationError `MIG_R0125` where somebody was first */
export async function appendVerdict({ storage, entry }: Doubt, data: MarkData): Promise<void> {
  const { id, target, hash, attempt, open, targets, kind } = entry
  const { client, log } = storage.adapter
  // A step counts for itself: what was applied before it stays.
  const generation = kind === 'step' ? 0 : 1 + (await lastGeneration(storage, entry))
  const mark = draft({ kind: 'mark', id, target, hash, attempt, open, targets, generation, data })
  const answer = await storage.patiently(() =>
    exclusively([client], () => log.append([{ ...mark, serial: entry.serial + 1 }])),
  )
  if (answer === 'taken')
    throw new MigrationError('MIG_R0125', `attempt ${attempt} was resolved meanwhile`, { id, attempt })
}

/** Of what is checked, the entry has none of its own. */
async function lastGeneration({ adapter }: Storage, { id, target, serial }: Entry): Promise<number> {
  let last = 0
  for await (const entry of adapter.log.read(-1))
    if (entry.id === id && entry.target === target && entry.serial <= serial) last = Math.max(last, entry.generation)
  return last
}
