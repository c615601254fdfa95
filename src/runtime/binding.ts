import { type Manifest, type ManifestMigration, packageOf } from '../graph/manifest.ts'
import type { Adapter } from './adapter.ts'
import { MigrationError } from './errors.ts'
import type { Kind } from './handles.ts'
import type { Options } from './options.ts'
import type { Patience } from './patience.ts'
import { Storage } from './storage.ts'
import type { Strategies } from './strategies.ts'

export interface BoundRole {
  readonly role: string
  readonly kind: Kind
  readonly storage: Storage
}

export interface BoundMigration {
  readonly migration: ManifestMigration
  readonly roles: readonly BoundRole[]
  /** Each once. Where writes are deferred they are staged before the commit. */
  readonly storages: readonly Storage[]
  /** The one whose log entry commits. */
  readonly committer: Storage
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
  const traits = manifest.traits as Strategies | undefined
  const adapters = mapOf({ ...traits?.adapters, ...options.adapters } as Readonly<Record<string, Adapter>>)
  const bind = mapOf(options.bind)
  const bound = new Map<Adapter, Storage>()
  const storageOf = (name: string, adapter: Adapter): Storage => {
    const storage = bound.get(adapter) ?? new Storage(name, adapter, patience)
    bound.set(adapter, storage)
    return storage
  }
  const problems = new Set<string>()
  const migrations = manifest.migrations.flatMap((migration): readonly BoundMigration[] => {
    const { id, uses, variants, has } = migration
    const owner = packageOf(id)
    const wanted = Object.entries(uses) as readonly (readonly [string, Kind])[]
    const roles = wanted.flatMap(([role, kind]): readonly BoundRole[] => {
      const name = mapOf(bind.get(owner)).get(role) ?? role
      const adapter = adapters.get(name)
      if (adapter && fits(adapter, kind, variants)) return [{ role, kind, storage: storageOf(name, adapter) }]
      const needs = [kind, ...variants].join()
      problems.add(`${owner}: ${role} (${needs}): "${name}" is ${adapter?.name ?? 'no adapter'}`)
      return []
    })
    const storages = [...new Set(roles.map(({ storage }) => storage))]
    const alone = storages.filter(({ adapter }) => !adapter.capabilities.deferred)
    const [committer = storages[0]] = alone
    if (alone.length > 1 && !has.includes('steps'))
      problems.add(`${id}: ${alone.map(({ name }) => name).join()} cannot commit together`)
    if (committer) return [{ migration, roles, storages, committer }]
    problems.add(`${id}: no storage`)
    return []
  })
  if (problems.size) throw new MigrationError('MIG_R0101', [...problems].join('\n  - '))
  const targets = [...bound.values()]
  const [name, store] =
    typeof options.state === 'string' ? [options.state, adapters.get(options.state)] : ['state', options.state]
  if (!store?.state)
    throw new MigrationError('MIG_R0102', `"${name}" is ${store ? 'without compare-and-set' : 'no adapter'}`)
  const state = storageOf(name, store)
  return { migrations, targets, state, storages: [...bound.values()] }
}

/** The names are other people's. */
function mapOf<T>(record: Readonly<Record<string, T>> = {}): ReadonlyMap<string, T> {
  return new Map(Object.entries(record))
}

function fits({ kinds, dialect }: Adapter, kind: Kind, variants: readonly (string | undefined)[]): boolean {
  return kinds.includes(kind) && (kind !== 'sql' || !variants.length || variants.includes(dialect))
}
