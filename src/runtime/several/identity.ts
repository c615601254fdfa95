import { genesisData } from '../entry-data.ts'
import { MigrationError } from '../errors.ts'
import { assertEnvironment, assertNothingOpen, establish } from '../identity.ts'
import { uniqueId } from '../unique-id.ts'
import { type Run, overtakings } from '../run.ts'

/** Whether all storages that have a log are of one installation. Heads alone can tell. @throws MigrationError `MIG_R0103` */
export function assertSameInstallation(run: Run): void {
  const expected = lineageOf(run)
  for (const storage of run.storages) {
    const { name, genesis } = storage
    assertEnvironment(storage, run.options)
    const lineage = genesis ? genesisData(genesis).lineage : expected
    if (lineage !== expected) throw new MigrationError('MIG_R0103', `of ${lineage}, not ${expected}`, { target: name })
  }
}

/**
 * Whether these storages belong together and are the ones that the state knows. Logs must be caught up.
 *
 * @throws MigrationError `MIG_R0103` to `MIG_R0106`, `MIG_R0108`
 */
export function assertIdentity(run: Run): void {
  for (const storage of run.deferred ? [] : run.storages) assertNothingOpen(storage)
  assertSameInstallation(run)
  const { state, targets } = run
  const other = targets.find(({ genesis }) => genesis)
  if (!state.genesis && targets.includes(state) && other)
    throw new MigrationError('MIG_R0105', `no log, but "${other.name}" has one`, { target: state.name })
  const { tenant = null } = run.options
  const seen = state.last?.targets.filter((known) => known.tenant === tenant) ?? []
  for (const storage of targets) {
    const { name, target, last } = storage
    const before = seen.find((known) => known.name === name && known.target !== target)
    if (before) throw new MigrationError('MIG_R0104', `is ${target}, was ${before.target}`, { target: name })
    const markers = storage.standing()
    const missing = [...state.standing(target).values()].flatMap(({ id, generation }) =>
      generation > (markers.get(id ?? '')?.generation ?? 0) ? id : [],
    )
    const recorded = Math.max(0, ...seen.flatMap((known) => (known.target === target ? known.serial : [])))
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
export async function establishAll(run: Run): Promise<void> {
  const known = overtakings(run)
  const lineage = lineageOf(run) ?? uniqueId()
  for (const storage of [run.state, ...run.storages])
    if (overtakings(run) === known) await establish(storage, run.options, lineage)
}

/** The state's; when the state is lost or new, that of the targets. */
function lineageOf({ state, targets }: Run): string | undefined {
  const genesis = [state, ...targets].find((storage) => storage.genesis)?.genesis
  return genesis ? genesisData(genesis).lineage : undefined
}
