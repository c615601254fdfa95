import { withDescendants } from '../graph/closure.ts'
import { marksOf, positionsIn } from '../graph/marks.ts'
import type { Situation } from '../graph/situation.ts'
import type { BoundMigration } from '../runtime/binding.ts'
import { entriesAbout } from '../runtime/entries-about.ts'
import type { StepData } from '../runtime/entry.ts'
import { MigrationError } from '../runtime/errors.ts'
import { loadMigration } from '../runtime/load.ts'
import { type Run, overtakings } from '../runtime/run.ts'
import { journalOf } from '../runtime/statements/journal.ts'
import { endTakingBack, halfTakenBack } from '../runtime/traits/half-taken-back.ts'
import { begunNames } from '../runtime/traits/steps.ts'
import { establish } from './establish.ts'
import { standingNames } from './standing-names.ts'

/** Migrations that a run has begun to take back part by part, and not ended. The latest first. */
export function halves({ migrations }: Run): readonly BoundMigration[] {
  return migrations.filter(halfTakenBack).toReversed()
}

/** Ends what other runs have begun to take back. Where another process was first, the storages are overtaken. */
export async function endHalves(run: Run): Promise<void> {
  const known = overtakings(run)
  const found = halves(run)
  if (found.length > 0) await establish(run)
  for (const bound of found) {
    const half = halfTakenBack(bound)
    if (half && overtakings(run) === known) await endTakingBack(run, half, await loadMigration(bound))
  }
}

/**
 * What is applied in part depends on what goes as much as what is applied.
 *
 * @param down positions
 * @throws MigrationError `MIG_R0123`
 */
export function assertNoneHalfApplied(run: Run, { graph }: Situation, down: readonly number[]): void {
  const after = positionsIn(withDescendants(graph, marksOf(graph, down)))
  const found = after.flatMap((position) => run.migrations[position] ?? []).filter(isHalfApplied)
  const ids = found.map(({ migration }) => migration.id)
  if (ids.length > 0)
    throw new MigrationError('MIG_R0123', `applied in part: ${ids.join(', ')}`, {
      id: ids[0],
      next: `up('${ids[0]}'), then take both back`,
    })
}

function isHalfApplied(bound: BoundMigration): boolean {
  const { migration, storages } = bound
  if (standingNames(bound).length > 0 || halfTakenBack(bound)) return false
  return storages.some((storage) => {
    const { done, unclear } = journalOf(storage, migration)
    const hasStep = begunNames(bound).some(([name, generation]) =>
      entriesAbout(storage, name).some(
        ({ kind, data }) => kind === 'step' && (Object(data) as StepData).generation === generation,
      ),
    )
    return done > 0 || unclear !== undefined || hasStep
  })
}
