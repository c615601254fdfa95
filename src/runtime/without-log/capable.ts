import type { BoundMigration } from '../binding.ts'
import { MigrationError } from '../errors.ts'
import type { Run } from '../run.ts'
import { isWithoutLog } from './storage.ts'

/** @throws MigrationError `MIG_R0118` with all migrations that cannot run on a storage without a log, and why */
export function assertCapable(run: Run): void {
  const problems = run.migrations.flatMap((bound) =>
    bound.storages.some(isWithoutLog) ? whyNot(run, bound).map((reason) => `${bound.migration.id}: ${reason}`) : [],
  )
  if (problems.length > 0) throw new MigrationError('MIG_R0118', problems.join('\n  - '))
}

function whyNot({ state }: Run, { migration, storages }: BoundMigration): readonly string[] {
  const { idempotent, steps } = migration.traits ?? {}
  const names = storages.filter(isWithoutLog).map(({ name }) => `"${name}"`)
  const mayRepeat = idempotent === true || steps?.every((step) => step.idempotent === true) === true
  return [
    ...(mayRepeat ? [] : [`not \`idempotent\`, and ${names.join()} keeps no log`]),
    ...(storages.length > 1 && !steps ? [`${names.join()} cannot commit together with what else it uses`] : []),
    ...(state.adapter.lease ? [] : [`${names.join()} keeps no log, and the state store "${state.name}" has no lease`]),
  ]
}
