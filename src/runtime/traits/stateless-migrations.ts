import type { BoundMigration } from '../binding.ts'
import { MigrationError } from '../errors.ts'
import type { Run } from '../run.ts'

/** @throws MigrationError `MIG_R0116` with all migrations that need a state, and why */
export function assertStateless({ migrations }: Run): void {
  const problems = migrations.flatMap((bound) => {
    const reason = whyNot(bound)
    return reason ? [`${bound.migration.id}: ${reason}`] : []
  })
  if (problems.length > 0)
    throw new MigrationError('MIG_R0116', ["state: 'none' cannot run", ...problems].join('\n  - '))
}

function whyNot({ migration, storages, committer }: BoundMigration): string | undefined {
  const { has, traits = {} } = migration
  if (!has.includes('probe') && traits.repeatable !== 'always') return "neither `probe` nor `repeatable: 'always'`"
  if (traits.transaction === false) return '`transaction: false`: its probe is not part of what it does'
  if (storages.length > 1) return 'uses more than one storage'
  if (!committer.adapter.capabilities.unrecorded) return `"${committer.name}" has no transactions without an entry`
  return undefined
}
