import { type Id, type Manifest, type ManifestMigration, packageOf } from '../graph/manifest.ts'
import type { Adapter } from './adapter.ts'
import type { DeferredWrites } from './deferred/writes.ts'
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
export interface BoundRoles {
  readonly roles: readonly BoundRole[]
  readonly committer: Storage
  /** Storages with deferred writes; the committer is among them when it is one. */
  readonly participants: readonly Storage[]
}

export interface BoundMigration extends BoundRoles {
  readonly migration: ManifestMigration
}

export interface Binding {
  /** In the order of the manifest. */
  readonly migrations: readonly BoundMigration[]
  readonly targets: readonly Storage[]
  readonly state: Storage
  /** Targets and state, each once. */
  readonly storages: readonly Storage[]
  /** Present where the writes of a storage are deferred. */
  readonly deferred: DeferredWrites | undefined
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
  const names = bindings(options)
  // Most migrations of a package use the same roles: a boot asks for each set once.
  const sets = new Map<string, BoundRoles | null>()
  const migrations: BoundMigration[] = []
  for (const migration of manifest.migrations) {
    const owner = packageOf(migration.id)
    const key = `${owner} ${JSON.stringify(migration.uses)}`
    const known = sets.get(key)
    const roles = known === undefined ? bindRoles(migration, names.get(owner), adapters, storageOf, problems) : known
    sets.set(key, roles)
    if (roles === null) continue
    for (const problem of variantProblems(migration, roles)) problems.add(problem)
    migrations.push({ migration, ...roles })
  }
  if (problems.size > 0) throw unbound([...problems], [...adapters.keys()])
  const targets = [...storages.values()]
  const state = stateOf(options, adapters, storageOf)
  const all = [...new Set([...targets, state])]
  const deferred = all.find(({ adapter }) => adapter.deferred)?.adapter.deferred
  return { migrations, targets, state, storages: all, deferred }
}

/** Package → role → adapter's name, as maps: the names are other people's. */
function bindings({ bind = {} }: Options): ReadonlyMap<string, ReadonlyMap<string, string>> {
  return new Map(Object.entries(bind).map(([owner, roles]) => [owner, new Map(Object.entries(roles))]))
}

/** What a set of roles is bound to; `null` when that is a problem. */
function bindRoles(
  { id, uses }: ManifestMigration,
  names: ReadonlyMap<string, string> | undefined,
  adapters: ReadonlyMap<string, Adapter>,
  storageOf: (name: string, adapter: Adapter) => Storage,
  problems: Set<string>,
): BoundRoles | null {
  const roles: BoundRole[] = []
  const given = Object.entries(uses)
  for (const [role, kind] of given) {
    const name = names?.get(role) ?? role
    const adapter = adapters.get(name)
    const where = `"${role}" (${kind}) of ${packageOf(id)}`
    if (!adapter) problems.add(`${where}: there is no adapter named "${name}"`)
    else if (!offers(adapter, kind))
      problems.add(`${where}: "${name}" (${adapter.name}) offers ${adapter.kinds.join(', ')}`)
    else roles.push({ role, kind, storage: storageOf(name, adapter) })
  }
  if (given.length === 0) problems.add(`${id} uses no storage: there is nothing that could prove it`)
  if (roles.length < given.length) return null
  const used = [...new Set(roles.map(({ storage }) => storage))]
  const interactive = used.filter(({ adapter }) => !adapter.deferred)
  if (interactive.length > 1) problems.add(tooManyCommitters(id, interactive))
  const committer = interactive[0] ?? used[0]
  if (!committer) return null
  return { roles, committer, participants: used.filter((storage) => !interactive.includes(storage)) }
}

function variantProblems({ id, variants }: ManifestMigration, { roles }: BoundRoles): readonly string[] {
  if (variants.length === 0) return []
  return roles.flatMap(({ role, kind, storage: { adapter } }) => {
    if (kind !== 'sql' || (adapter.dialect !== undefined && variants.includes(adapter.dialect))) return []
    return [
      `"${role}" (sql) of ${packageOf(id)}: ${id} has variants for ${variants.join(', ')}, not for ${adapter.dialect}`,
    ]
  })
}

function offers(adapter: Adapter, kind: string): kind is Kind {
  return adapter.kinds.some((offered) => offered === kind)
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
