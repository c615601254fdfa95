import type { Id } from '../graph/manifest.ts'
import { replacedBy } from '../graph/replaced-by.ts'
import type { BoundMigration } from '../runtime/binding.ts'
import type { Run } from '../runtime/run.ts'
import type { Mark, Marking } from './marks.ts'
import { named, standingNames } from './standing-names.ts'

/**
 * What must be marked so that a migration which counts as applied is so under one id alone: then taking back that one
 * takes it back. A squash may count because all is applied that it replaces; others stand under former ids. Its own id
 * comes first, so that it is applied at every moment in between.
 */
export function markingsForOneName(run: Run, bound: BoundMigration): readonly Marking[] {
  const { committer, migration } = bound
  const [first, ...others] = standingNames(bound)
  const own: Mark[] = first === undefined ? [{ bound, applied: true }] : []
  for (const id of others) own.push({ bound: named(bound, id), applied: false })
  // Only a squash stands for others. All ids are looked at for each.
  const replaced = migration.replaces.length > 0 ? replacedBy(run.manifest, migration.id) : new Set<Id>()
  const markings = (replaced.size > 0 ? run.targets : []).map((storage): Marking => {
    const ids = storage.applied().filter((id) => replaced.has(id))
    const marks = ids.map((id): Mark => ({ bound: named(bound, id), applied: false }))
    return { storage, marks }
  })
  return [{ storage: committer, marks: own }, ...markings].filter(({ marks }) => marks.length > 0)
}
