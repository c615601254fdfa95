import type { RunCode } from '../diagnostics/run.ts'
import { genesisData } from './entry-data.ts'
import { MigrationError } from './errors.ts'
import { type Run, draft } from './run.ts'
import type { Storage } from './storage.ts'
import { ulid } from './ulid.ts'

/**
 * Whether these storages belong together and are the ones that the state knows. Logs must be caught up.
 *
 * @throws MigrationError `MIG_R0103` to `MIG_R0106`
 */
export function assertIdentity(run: Run): void {
  assertSameInstallation(run)
  const { state, targets } = run.binding
  const other = targets.find(({ genesis }) => genesis)
  if (!state.genesis && targets.includes(state) && other)
    throw wrong('MIG_R0105', state, `holds the state and has no log, but "${other.name}" has one`)
  for (const { name, target } of state.last?.targets ?? []) {
    const storage = targets.find((bound) => bound.name === name)
    if (storage && storage.target !== target)
      throw wrong('MIG_R0104', storage, `stood for storage ${target}, and now for ${storage.target ?? 'an empty one'}`)
  }
  for (const storage of targets) assertNotBehind(run, storage)
}

/**
 * Writes the genesis of every bound storage that has none, the state's first.
 *
 * @returns `taken` when another process was first: catch up and plan again
 */
export async function establish(run: Run): Promise<'established' | 'taken'> {
  const { state, storages } = run.binding
  const lineage = lineageOf(run) ?? ulid()
  for (const storage of [state, ...storages]) {
    if (storage.genesis) continue
    const data = { lineage, env: run.options.env ?? null }
    if ((await storage.append([draft({ kind: 'genesis', target: ulid(), data })])) === 'taken') return 'taken'
  }
  return 'established'
}

/** The state's lineage; when the state is lost or new, that of the targets. */
function lineageOf({ binding }: Run): string | undefined {
  const genesis = [binding.state, ...binding.targets].find((storage) => storage.genesis)?.genesis
  return genesis ? genesisData(genesis).lineage : undefined
}

/** Lineage and `env` of every storage that has a log: the part that heads alone can tell. @throws MigrationError `MIG_R0103` */
export function assertSameInstallation(run: Run): void {
  for (const storage of run.binding.storages) {
    if (!storage.genesis) continue
    const { lineage, env } = genesisData(storage.genesis)
    const expected = run.options.env ?? env
    if (lineage !== lineageOf(run))
      throw wrong(
        'MIG_R0103',
        storage,
        `belongs to another installation than the state store "${run.binding.state.name}"`,
      )
    if (env !== null && env !== expected)
      throw wrong('MIG_R0103', storage, `was first migrated with env "${env}", this run has env "${expected}"`)
  }
}

function assertNotBehind({ binding }: Run, storage: Storage): void {
  const { state } = binding
  const { target, last } = storage
  if (storage === state || target === null || !last) return
  const markers = storage.ups(target)
  const missing = [...state.ups(target).keys()].filter((id) => !markers.has(id))
  const seen = state.last?.targets.find((known) => known.target === target)
  if (missing.length > 0) throw wrong('MIG_R0106', storage, `lacks ${missing.join(', ')}, which the state recorded`)
  if (seen && last.serial < seen.serial) throw wrong('MIG_R0106', storage, 'has a shorter log than the state recorded')
}

function wrong(code: RunCode, { name }: Storage, what: string): MigrationError {
  return new MigrationError(code, `"${name}" ${what}.`, { target: name })
}
