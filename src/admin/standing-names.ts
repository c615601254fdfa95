import type { Id } from '../graph/manifest.ts'
import type { BoundMigration } from '../runtime/binding.ts'
import { isApplied } from '../runtime/entry-data.ts'

/** The ids, present and former, under which the target's log says that a migration is applied. */
export function standingNames({ migration, committer }: BoundMigration): readonly Id[] {
  const standing = committer.standing()
  return [migration.id, ...migration.formerly].filter((name) => {
    const entry = standing.get(name)
    return entry !== undefined && isApplied(entry)
  })
}

/** The migration as a log knows it that has it under a former id. */
export function named(bound: BoundMigration, id: Id): BoundMigration {
  return { ...bound, migration: { ...bound.migration, id } }
}
