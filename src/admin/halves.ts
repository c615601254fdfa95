import { begunIn } from '../graph/begun.ts'
import { withDescendants } from '../graph/closure.ts'
import { marksOf, positionsIn } from '../graph/marks.ts'
import type { Situation } from '../graph/situation.ts'
import type { BoundMigration } from '../runtime/binding.ts'
import { MigrationError } from '../runtime/errors.ts'
import { loadMigration } from '../runtime/load.ts'
import { type Run, overtakings } from '../runtime/run.ts'
import { endTakingBack, halfTakenBack } from '../runtime/traits/half-taken-back.ts'
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
  if (down.length === 0) return
  const after = positionsIn(withDescendants(graph, marksOf(graph, down)))
  const half = halfApplied(run)
  const found = after.flatMap((position) => run.migrations[position] ?? []).filter((bound) => half.has(bound))
  const ids = found.map(({ migration }) => migration.id)
  if (ids.length > 0)
    throw new MigrationError('MIG_R0123', `applied in part: ${ids.join(', ')}`, {
      id: ids[0],
      next: `up('${ids[0]}'), then take both back`,
    })
}

/** What begins on a storage without a log stands in the state's. */
function halfApplied({ storages, manifest, migrations }: Run): ReadonlySet<BoundMigration> {
  const begun = begunIn(
    storages.map(({ entries }) => entries),
    manifest.migrations,
  )
  const isHalf = (bound: BoundMigration): boolean =>
    begun.has(bound.migration.id) && standingNames(bound).length === 0 && !halfTakenBack(bound)
  return new Set(migrations.filter(isHalf))
}
