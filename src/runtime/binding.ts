import { type Id, type Manifest, type ManifestMigration, packageOf } from '../graph/manifest.ts'
import type { Adapter } from './adapter.ts'
import { MigrationError } from './errors.ts'
import type { Kind } from './handles.ts'
import type { Options } from './options.ts'
import type { Patience } from './patience.ts'
import { Storage } from './storage.ts'

export interface BoundRole {
  readonly role: string
  readonly kind: Kind
  readonly storage: Storage
}

/** The storages of a migration: the committer's log entry commits it, the participants' writes are staged before. */
export interface BoundMigration {
  readonly migration: ManifestMigration
  readonly roles: readonly BoundRole[]
  readonly committer: Storage
  /** Storages with deferred writes; the committer is among them when it is one. */
  readonly participants: readonly Storage[]
}

export interface Binding {
  /** In the order of the manifest. */
  readonly migrations: readonly BoundMigration[]
  readonly targets: readonly Storage[]
  readonly state: Storage
  /** Targets and state, each once. */
  readonly storages: readonly Storage[]
}

/**
 * Roles → storages. Connects to nothing.
 *
 * @throws MigrationError `MIG_R0101` with everything that does not fit, `MIG_R0102` for the state.
 */
export function bindManifest(manifest: Manifest, options: Options, patience: Patience): Binding {
  const storages = new Map<Adapter, Storage>()
  const adapters = new Map(Object.entries(options.adapters))
  const storageOf = (name: string, adapter: Adapter): Storage => {
    const storage = storages.get(adapter) ?? new Storage(name, adapter, patience)
    storages.set(adapter, storage)
    return storage
  }
  const problems = new Set<string>()
  const migrations = manifest.migrations.map((migration) => {
    const roles = bindRoles(migration, options, adapters, storageOf, problems)
    const interactive = new Set(
      roles.map(({ storage }) => storage).filter(({ adapter }) => !adapter.capabilities.deferred),
    )
    if (interactive.size > 1) problems.add(tooManyCommitters(migration.id, [...interactive]))
    return { migration, roles, interactive }
  })
  if (problems.size > 0) throw unbound([...problems], [...adapters.keys()])
  const targets = [...storages.values()]
  const state = stateOf(options, adapters, storageOf)
  return {
    migrations: migrations.flatMap(({ migration, roles, interactive }) => {
      const used = [...new Set(roles.map(({ storage }) => storage))]
      const committer = [...interactive][0] ?? used[0]
      if (!committer) return []
      return [{ migration, roles, committer, participants: used.filter((storage) => !interactive.has(storage)) }]
    }),
    targets,
    state,
    storages: [...new Set([...targets, state])],
  }
}

function bindRoles(
  migration: ManifestMigration,
  options: Options,
  adapters: ReadonlyMap<string, Adapter>,
  storageOf: (name: string, adapter: Adapter) => Storage,
  problems: Set<string>,
): readonly BoundRole[] {
  const owner = packageOf(migration.id)
  const bound: BoundRole[] = []
  for (const [role, kind] of Object.entries(migration.uses)) {
    const bind = new Map(Object.entries(options.bind ?? {})).get(owner) ?? {}
    const name = new Map(Object.entries(bind)).get(role) ?? role
    const adapter = adapters.get(name)
    const where = `"${role}" (${kind}) of ${owner}`
    if (!adapter) problems.add(`${where}: there is no adapter named "${name}"`)
    else if (!offers(adapter, kind))
      problems.add(`${where}: "${name}" (${adapter.name}) offers ${adapter.kinds.join(', ')}`)
    else if (kind === 'sql' && lacksVariant(migration, adapter))
      problems.add(
        `${where}: ${migration.id} has variants for ${migration.variants.join(', ')}, not for ${adapter.dialect}`,
      )
    else bound.push({ role, kind, storage: storageOf(name, adapter) })
  }
  return bound
}

function offers(adapter: Adapter, kind: string): kind is Kind {
  return adapter.kinds.some((offered) => offered === kind)
}

function lacksVariant(migration: ManifestMigration, adapter: Adapter): boolean {
  if (migration.variants.length === 0) return false
  return adapter.dialect === undefined || !migration.variants.includes(adapter.dialect)
}

function tooManyCommitters(id: Id, storages: readonly Storage[]): string {
  const names = storages.map(({ name }) => `"${name}"`).join(' and ')
  return `${id} uses ${names}, which can each only commit alone: split it, joined by dependsOn`
}

function unbound(problems: readonly string[], names: readonly string[]): MigrationError {
  const list = problems.map((problem) => `\n  - ${problem}`).join('')
  const known = names.length === 0 ? 'none' : names.join(', ')
  return new MigrationError('MIG_R0101', `Roles without a storage that fits (adapters: ${known}):${list}`, {
    next: 'add the adapters to the configuration, or map roles with `bind`; nothing ran',
  })
}

function stateOf(
  options: Options,
  adapters: ReadonlyMap<string, Adapter>,
  storageOf: (name: string, adapter: Adapter) => Storage,
): Storage {
  const name = typeof options.state === 'string' ? options.state : 'state'
  const adapter = typeof options.state === 'string' ? adapters.get(options.state) : options.state
  if (adapter?.state) return storageOf(name, adapter)
  const text = adapter
    ? `"${name}" (${adapter.name}) has no compare-and-set and cannot hold state.`
    : `\`state\` names "${name}", which is not among the adapters.`
  throw new MigrationError('MIG_R0102', text, { next: 'point `state` at another adapter; nothing ran' })
}
