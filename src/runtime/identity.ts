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
  assertStateNotLost(run)
  assertKnownNames(run)
  for (const target of run.binding.targets) assertNotBehind(run, target)
}

/**
 * Writes the genesis of every bound storage that has none, the state's first.
 *
 * @returns `taken` when another process was first: catch up and plan again
 */
export async function establish(run: Run): Promise<'established' | 'taken'> {
  const { state, storages } = run.binding
  const lineage = lineageOf(run) ?? ulid()
  for (const storage of [state, ...storages.filter((other) => other !== state)]) {
    if (storage.genesis) continue
    const data = { lineage, env: run.options.env ?? null }
    const answer = await storage.append([draft({ kind: 'genesis', target: ulid(), attempt: ulid(), data })])
    if (answer === 'taken') return 'taken'
  }
  return 'established'
}

/** The state's lineage; when the state is lost or new, that of the targets. */
function lineageOf(run: Run): string | undefined {
  const { state, targets } = run.binding
  const genesis = [state, ...targets].map((storage) => storage.genesis).find((found) => found !== null)
  return genesis ? genesisData(genesis).lineage : undefined
}

/** Lineage and `env` of every storage that has a log: the part that heads alone can tell. @throws MigrationError `MIG_R0103` */
export function assertSameInstallation(run: Run): void {
  for (const storage of run.binding.storages) assertBelongs(run, storage)
}

function assertBelongs(run: Run, storage: Storage): void {
  if (!storage.genesis) return
  const { lineage, env } = genesisData(storage.genesis)
  if (lineage !== lineageOf(run)) {
    const text = `"${storage.name}" belongs to another installation than ${stateName(run)}.`
    throw wrong('MIG_R0103', storage, text, 'check which storage the configuration connects to')
  }
  const expected = run.options.env
  if (expected === undefined || env === null || env === expected) return
  const text = `"${storage.name}" was first migrated with env "${env}", this run has env "${expected}".`
  throw wrong('MIG_R0103', storage, text, 'check which storage the configuration connects to')
}

function assertStateNotLost(run: Run): void {
  const { state, targets } = run.binding
  if (state.genesis || !targets.includes(state)) return
  const other = targets.find((target) => target.genesis)
  if (!other) return
  const text = `${stateName(run)} has no log, but "${other.name}" has one: the database was wiped, or it is another one.`
  throw wrong('MIG_R0105', state, text, `restore "${state.name}", or start with an empty "${other.name}" too`)
}

function assertKnownNames(run: Run): void {
  const { state, targets } = run.binding
  const byName = new Map(targets.map((target) => [target.name, target]))
  for (const seen of state.last?.targets ?? []) {
    const storage = byName.get(seen.name)
    if (!storage || storage.target === seen.target) continue
    const found = storage.target === null ? 'now there is none (wiped, or new)' : `now it is ${storage.target}`
    const text = `"${seen.name}" stood for storage ${seen.target}, ${found}.`
    throw wrong('MIG_R0104', storage, text, 'restore the storage, or give a new storage a new name')
  }
}

function assertNotBehind(run: Run, storage: Storage): void {
  const { state } = run.binding
  if (storage === state || storage.target === null) return
  const markers = storage.ups(storage.target)
  const missing = [...state.ups(storage.target).keys()].filter((id) => !markers.has(id))
  const seen = state.last?.targets.find(({ target }) => target === storage.target)
  const shorter = seen !== undefined && storage.last !== null && storage.last.serial < seen.serial
  if (missing.length === 0 && !shorter) return
  const what = missing.length > 0 ? `lacks ${missing.join(', ')}` : 'has a shorter log'
  const text = `"${storage.name}" ${what}, which the state recorded: it was restored from an older backup.`
  throw wrong('MIG_R0106', storage, text, 'restore the newer storage, or the state of the same moment')
}

function stateName(run: Run): string {
  return `the state store "${run.binding.state.name}"`
}

function wrong(
  code: 'MIG_R0103' | 'MIG_R0104' | 'MIG_R0105' | 'MIG_R0106',
  storage: Storage,
  text: string,
  next: string,
): MigrationError {
  return new MigrationError(code, text, { target: storage.name, next: `${next}; nothing ran` })
}
