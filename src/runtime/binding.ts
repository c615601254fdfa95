import { type Manifest, type ManifestMigration, packageOf } from '../graph/manifest.ts'
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
  const adapters = new Map(Object.entries(options.adapters))
  // As maps: the names are other people's.
  const bind = new Map(
    Object.entries(options.bind ?? {}).map(([owner, roles]) => [owner, new Map(Object.entries(roles))]),
  )
  const bound = new Map<Adapter, Storage>()
  const storageOf = (name: string, adapter: Adapter): Storage => {
    const storage = bound.get(adapter) ?? new Storage(name, adapter, patience)
    bound.set(adapter, storage)
    return storage
  }
  const problems = new Set<string>()
  const bindRoles = ({ id, uses, variants }: ManifestMigration): BoundRoles | undefined => {
    const owner = packageOf(id)
    const roles = Object.entries(uses).flatMap(([role, kind]): readonly BoundRole[] => {
      const name = bind.get(owner)?.get(role) ?? role
      const adapter = adapters.get(name)
      const problem = adapter ? misfit(adapter, kind, variants) : 'is no adapter'
      if (problem) problems.add(`${owner}, "${role}" (${kind}): "${name}" ${problem}`)
      return adapter && !problem ? [{ role, kind: kind as Kind, storage: storageOf(name, adapter) }] : []
    })
    const used = [...new Set(roles.map(({ storage }) => storage))]
    const alone = used.filter(({ adapter }) => !adapter.deferred)
    if (alone.length > 1)
      problems.add(`${id}: ${alone.map(({ name }) => `"${name}"`).join(' and ')} can each only commit alone, split it`)
    const committer = alone[0] ?? used[0]
    return committer && { roles, committer, participants: used.filter((storage) => !alone.includes(storage)) }
  }
  // Most migrations of a package use the same roles: a boot asks for each set once.
  const sets = new Map<string, BoundRoles | undefined>()
  const migrations = manifest.migrations.flatMap((migration) => {
    const { id, uses, variants } = migration
    const key = JSON.stringify([packageOf(id), uses, variants])
    if (!sets.has(key)) sets.set(key, bindRoles(migration))
    const roles = sets.get(key)
    if (Object.keys(uses).length === 0) problems.add(`${id} uses no storage`)
    return roles ? [{ migration, ...roles }] : []
  })
  if (problems.size > 0) {
    const list = [...problems].map((problem) => `\n  - ${problem}`).join('')
    const names = [...adapters.keys()].join(', ') || 'none'
    throw new MigrationError('MIG_R0101', `Roles without a storage that fits (adapters: ${names}):${list}`)
  }
  const targets = [...bound.values()]
  const state = stateOf(options, adapters, storageOf)
  const storages = [...bound.values()]
  const deferred = storages.find(({ adapter }) => adapter.deferred)?.adapter.deferred
  return { migrations, targets, state, storages, deferred }
}

/** Why an adapter cannot serve a role; empty where it can. */
function misfit({ name, kinds, dialect }: Adapter, kind: string, variants: readonly string[]): string {
  if (!kinds.some((offered) => offered === kind)) return `(${name}) offers ${kinds.join(', ')}`
  if (kind !== 'sql' || variants.length === 0 || variants.some((variant) => variant === dialect)) return ''
  return `(${name}) speaks ${dialect}, and the variants are for ${variants.join(', ')}`
}

function stateOf(
  { state }: Options,
  adapters: ReadonlyMap<string, Adapter>,
  storageOf: (name: string, adapter: Adapter) => Storage,
): Storage {
  const name = typeof state === 'string' ? state : 'state'
  const adapter = typeof state === 'string' ? adapters.get(state) : state
  if (adapter?.state) return storageOf(name, adapter)
  const problem = adapter ? `(${adapter.name}) has no compare-and-set` : 'is no adapter'
  throw new MigrationError('MIG_R0102', `The state cannot be kept: "${name}" ${problem}.`)
}
