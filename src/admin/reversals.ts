import type { BoundMigration } from '../runtime/binding.ts'
import { MigrationError } from '../runtime/errors.ts'
import { type Loaded, loadMigration } from '../runtime/load.ts'

/** A migration with the code that takes it back. */
export interface Reversal {
  readonly bound: BoundMigration
  readonly loaded: Loaded
}

/**
 * Loads what is to be taken back, so that a plan that cannot be carried out stops before anything runs.
 *
 * @throws MigrationError `MIG_R0120` naming every migration that cannot be taken back, `MIG_R0203`
 */
export async function reversalsOf(migrations: readonly BoundMigration[]): Promise<readonly Reversal[]> {
  const reversals: Reversal[] = []
  const problems: string[] = []
  for (const bound of migrations) {
    const { id, has } = bound.migration
    const loaded = has.includes('irreversible') ? undefined : await loadMigration(bound)
    const problem = loaded ? lackOf(loaded, has.includes('down')) : 'says `down: false`'
    if (problem) problems.push(`${id} ${problem}`)
    else if (loaded) reversals.push({ bound, loaded })
  }
  if (problems.length > 0)
    throw new MigrationError('MIG_R0120', `cannot be taken back:\n  - ${problems.join('\n  - ')}`, {
      next: 'leave these out, or write a new migration that undoes what they did',
    })
  return reversals
}

/** @returns why it cannot be taken back; nothing where it can */
function lackOf({ steps, down }: Loaded, hasDown: boolean): string | undefined {
  if (steps) {
    const without = steps.filter((step) => typeof step.down !== 'function').map(({ name }) => name)
    return without.length > 0 ? `has no \`down\` in its steps ${without.join(', ')}` : undefined
  }
  if (down === false) return 'says `down: false`'
  return hasDown && typeof down === 'function' ? undefined : 'has no `down` in this build'
}
