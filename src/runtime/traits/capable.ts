import type { BoundMigration } from '../binding.ts'
import { MigrationError } from '../errors.ts'
import type { Run } from '../run.ts'

/** @throws MigrationError `MIG_R0118` with all migrations that ask for what their storages cannot do, and why */
export function assertCapable(run: Run): void {
  // What runs without a state is told of what it cannot do there, which is more.
  if (run.options.state === 'none') return
  const problems = run.migrations.flatMap((bound) => {
    const reasons = [whyNotOutside(run, bound), ...whyNotInSteps(bound)]
    return reasons.flatMap((reason) => (reason ? `${bound.migration.id}: ${reason}` : []))
  })
  if (problems.length > 0) throw new MigrationError('MIG_R0118', problems.join('\n  - '))
}

function whyNotOutside({ direct }: Run, { migration, committer }: BoundMigration): string | undefined {
  const { transaction, steps = [] } = migration.traits ?? {}
  const isOutside = transaction === false || steps.some((step) => step.transaction === false)
  const { name, adapter } = committer
  if (!isOutside || adapter.capabilities.atomic === 'statement' || direct?.isFor(adapter)) return undefined
  return `\`transaction: false\`, but "${name}" runs everything in a transaction`
}

/** What two storages have to commit cannot be one step. */
function whyNotInSteps({ migration, roles }: BoundMigration): readonly string[] {
  const { steps = [] } = migration.traits ?? {}
  return steps.flatMap(({ name, uses }) => {
    const used = roles.filter(({ role }) => uses?.includes(role) ?? true).map(({ storage }) => storage)
    const alone = [...new Set(used)].filter(({ adapter }) => !adapter.capabilities.deferred)
    if (alone.length < 2) return []
    return `step "${name}": ${alone.map((storage) => storage.name).join()} cannot commit together; name one of them in its \`uses\``
  })
}
