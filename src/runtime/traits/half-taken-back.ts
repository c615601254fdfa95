import type { BoundMigration } from '../binding.ts'
import type { MarkData } from '../entry.ts'
import { MigrationError } from '../errors.ts'
import type { Loaded } from '../load.ts'
import { markOf } from '../mark.ts'
import type { Run } from '../run.ts'
import { runUnit } from '../unit.ts'
import { runSteps } from './steps.ts'

/** Whether going back takes several units, or statements that commit one by one: then it may stop half way. */
export function goesBackInParts(run: Run, bound: BoundMigration, { steps }: Loaded): boolean {
  return steps !== undefined || run.statements?.takes({ run, bound }) === true
}

/**
 * The migration under the id that is being taken back part by part, where a run has begun that and not ended it. Nobody
 * may go on from there: it is neither applied nor absent.
 */
export function halfTakenBack(bound: BoundMigration): BoundMigration | undefined {
  const { migration, committer } = bound
  const standing = committer.standing()
  const id = [migration.id, ...migration.formerly].find((name) => {
    const entry = standing.get(name)
    return entry?.kind === 'mark' && (entry.data as MarkData).unfinished === 'down'
  })
  return id === undefined ? undefined : { ...bound, migration: { ...migration, id } }
}

/**
 * Says that a migration is not applied any more, before its first part is taken back: whatever depends on it stays away,
 * and the next run ends what this one has begun.
 */
export async function beginTakingBack(run: Run, { migration, committer }: BoundMigration): Promise<void> {
  const data: MarkData = { applied: false, reason: 'is taken back part by part', who: null, unfinished: 'down' }
  await committer.append(() => [markOf(run, committer, migration, data)])
}

/** Takes back what is left of it. @throws MigrationError `MIG_R0120` where this build lacks the way back */
export async function endTakingBack(run: Run, half: BoundMigration, loaded: Loaded): Promise<void> {
  const { id, has } = half.migration
  const { steps, down } = loaded
  if (steps?.every((step) => typeof step.down === 'function')) return runSteps(run, half, loaded, 'down', false)
  if (steps || !has.includes('down') || !down)
    throw new MigrationError('MIG_R0120', 'is half taken back, and this build lacks its `down`', { id })
  const work = async (context: Parameters<typeof down>[0]): Promise<void> => down(context)
  await runUnit(run, { kind: 'down', bound: half, complete: false, work })
}
