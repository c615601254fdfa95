import type { GenesisData } from './entry.ts'
import { genesisData } from './entry-data.ts'
import { MigrationError } from './errors.ts'
import { type Run, draft } from './run.ts'
import { ulid } from './ulid.ts'

/**
 * Whether these storages belong together and are the ones that the state knows. Logs must be caught up.
 *
 * @throws MigrationError `MIG_R0103` to `MIG_R0106`
 */
export function assertIdentity(run: Run): void {
  assertSameInstallation(run)
  const { state, targets } = run
  const other = targets.find(({ genesis }) => genesis)
  if (!state.genesis && targets.includes(state) && other)
    throw new MigrationError('MIG_R0105', `no log, but "${other.name}" has one`, { target: state.name })
  const { tenant = null } = run.options
  const seen = state.last?.targets.filter((known) => known.tenant === tenant) ?? []
  for (const { name, target, last, markers } of targets) {
    const before = seen.find((known) => known.name === name && known.target !== target)
    if (before) throw new MigrationError('MIG_R0104', `is ${target}, was ${before.target}`, { target: name })
    const missing = [...state.ups(target).keys()].filter((id) => !markers.has(id))
    const recorded = seen.find((known) => known.target === target)?.serial ?? 0
    if (last && (missing.length > 0 || last.serial < recorded))
      throw new MigrationError('MIG_R0106', `entry ${last.serial} of ${recorded}, without ${missing.join()}`, {
        target: name,
      })
  }
}

/**
 * Writes the genesis of every bound storage that has none, the state's first. Stops where another process was first: its
 * lineage is the one that counts.
 */
export async function establish(run: Run): Promise<void> {
  const lineage = installationOf(run)?.lineage ?? ulid()
  const data = { lineage, env: run.options.env ?? null }
  for (const storage of [run.state, ...run.storages]) {
    if (storage.genesis) continue
    if ((await storage.append([draft({ kind: 'genesis', target: ulid(), data })])) === 'taken') return
  }
}

/** The state's; when the state is lost or new, that of the targets. */
function installationOf({ state, targets }: Run): GenesisData | undefined {
  const genesis = [state, ...targets].find((storage) => storage.genesis)?.genesis
  return genesis ? genesisData(genesis) : undefined
}

/** Lineage and `env` of every storage that has a log: the part that heads alone can tell. @throws MigrationError `MIG_R0103` */
export function assertSameInstallation(run: Run): void {
  const expected = installationOf(run)?.lineage
  for (const storage of run.storages) {
    if (!storage.genesis) continue
    const { lineage, env } = genesisData(storage.genesis)
    const wanted = run.options.env ?? env
    if (lineage !== expected || (env !== null && env !== wanted))
      throw new MigrationError('MIG_R0103', `of ${lineage} (${env}), not ${expected} (${wanted})`, {
        target: storage.name,
      })
  }
}
