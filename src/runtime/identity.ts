import type { Entry } from './entry.ts'
import { genesisData, movedTo } from './entry-data.ts'
import { MigrationError } from './errors.ts'
import type { Options } from './options.ts'
import { draft } from './run.ts'
import type { Storage } from './storage.ts'
import { uniqueId } from './unique-id.ts'

/** Writes the genesis of a storage that has none. */
export async function establish(
  storage: Storage,
  { env = null }: { readonly env?: string | null },
  lineage: string,
): Promise<void> {
  if (!storage.genesis)
    await storage.append(() => [draft({ kind: 'genesis', target: uniqueId(), data: { lineage, env } })])
}

/** Whether a storage that has a log is of the environment that the options name. @throws MigrationError `MIG_R0103` */
export function assertEnvironment({ name, genesis }: Storage, { env }: Options): void {
  const known = genesis && genesisData(genesis).env
  if (known && env && known !== env) throw new MigrationError('MIG_R0103', `${known}, not ${env}`, { target: name })
}

/** Whether a state store with these entries still is the state. @throws MigrationError `MIG_R0113` */
export function assertHere({ name }: Storage, entries: readonly Entry[]): void {
  if (movedTo(entries)) throw new MigrationError('MIG_R0113', 'sealed', { target: name })
}

/**
 * For a run that cannot settle: nothing may run behind open work.
 *
 * @throws MigrationError `MIG_R0108`
 */
export function assertNothingOpen({ name, last }: Storage): void {
  if (last?.open) throw new MigrationError('MIG_R0108', `entry ${last.serial}`, { id: last.id, target: name })
}
