import { packageOf } from '../../graph/manifest.ts'
import type { BoundMigration } from '../binding.ts'
import { type Run, overtakings } from '../run.ts'
import { voidIntents } from './intents.ts'
import type { RunOne } from './storages.ts'

/**
 * Starts each migration when its parents, and every earlier migration on each storage that it uses, are done: what has
 * nothing to do with each other proceeds side by side. What repeats waits for all of its package that run once, and what
 * always does for everything. After a failure nothing new starts, or nothing that waits for what
 * failed (`Options.onFailure`).
 *
 * @param complete whether nothing is left to do for this build after them
 * @throws what the first failing migration threw, when all that were under way have ended
 */
export async function runSideBySide(
  run: Run,
  pending: readonly BoundMigration[],
  runOne: RunOne,
  complete: boolean,
): Promise<void> {
  const known = overtakings(run)
  await run.deferred?.assertCommittersBound(run, pending)
  await voidIntents(run, pending)
  // Tens of thousands need not wait for each other one by one to find out that all of them do.
  if (run.storages.length === 1) return runInTurn(run, pending, runOne, complete, known)
  const stopsAll = run.options.onFailure !== 'continue-independent'
  let left = pending.length
  const failures: unknown[] = []
  /** What failed or was left out for that, and its storages: the order of work on each of them holds. */
  const stuck = new Set<unknown>()
  const ends = new Map<unknown, Promise<void>>()
  for (const bound of pending) {
    const { parents, after } = bound.migration
    const edges = [...parents, ...after].map((index) => run.migrations[index])
    const before = [...bound.storages, ...edges, ...awaitedBy(bound, pending)]
    const stop = (): void => {
      for (const one of [bound, ...bound.storages]) stuck.add(one)
    }
    const end = Promise.all(before.map((one) => ends.get(one))).then(async () => {
      if (overtakings(run) !== known || (stopsAll && failures.length > 0)) return
      if (before.some((one) => stuck.has(one))) return stop()
      await runOne(run, bound, complete && left === 1 && failures.length === 0).catch((failure: unknown) => {
        failures.push(failure)
        stop()
      })
      left--
    })
    for (const one of [bound, ...bound.storages]) ends.set(one, end)
  }
  await Promise.all(ends.values())
  if (failures.length > 0) throw failures[0]
}

/** On one storage each waits for the one before it, and for nothing else. */
async function runInTurn(
  run: Run,
  pending: readonly BoundMigration[],
  runOne: RunOne,
  complete: boolean,
  known: number,
): Promise<void> {
  for (const [index, bound] of pending.entries()) {
    if (overtakings(run) !== known) return
    await runOne(run, bound, complete && index === pending.length - 1)
  }
}

/** What a migration that repeats comes after by its place, and no edge. */
function awaitedBy({ migration }: BoundMigration, pending: readonly BoundMigration[]): readonly BoundMigration[] {
  const { id, traits: { repeatable } = {} } = migration
  if (!repeatable) return []
  const others = pending.filter((other) => other.migration.traits?.repeatable !== 'always')
  if (repeatable === 'always') return others
  return others.filter(
    ({ migration: { id: other, traits } }) => !traits?.repeatable && packageOf(other) === packageOf(id),
  )
}
