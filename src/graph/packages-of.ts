import { type Id, type Manifest, packageOf } from './manifest.ts'
import { PlanError } from './plan/plan-error.ts'

/**
 * A manifest with the migrations of some packages and of what these depend on, for an instance of a component beside the
 * application's own: other storages, by `bind`, and a tenant.
 *
 * @param packages names of packages, each of which brings a migration
 * @returns a manifest with digests of its own
 * @throws PlanError `MIG_R0401` for a package that brings none
 */
export function packagesOf(manifest: Manifest, packages: readonly string[]): Manifest {
  const { migrations } = manifest
  const wanted = new Set(packages)
  const kept = new Uint8Array(migrations.length)
  // Every edge leads back to a lower index.
  for (const [index, { id, parents }] of [...migrations.entries()].toReversed()) {
    const owner = packageOf(id)
    if (packages.includes(owner)) kept[index] = 1
    wanted.delete(owner)
    if (kept[index]) for (const parent of parents) kept[parent] = 1
  }
  const [stranger] = wanted
  if (stranger !== undefined)
    throw new PlanError('MIG_R0401', `"${stranger}" brings no migration.`, [], 'correct the name of the package')
  const places = new Map<number, number>()
  for (const index of migrations.keys()) if (kept[index]) places.set(index, places.size)
  const moved = (indexes: readonly number[]): readonly number[] => indexes.flatMap((index) => places.get(index) ?? [])
  const own = new Set(migrations.flatMap(({ id }, index): readonly string[] => (kept[index] ? [packageOf(id)] : [])))
  const isOwn = (id: Id): boolean => own.has(packageOf(id))
  const names = [...own].toSorted().join(' ')
  const { digest, required } = manifest
  return {
    ...manifest,
    digest: `${digest} ${names}`,
    ...(required === undefined ? {} : { required: `${required} ${names}` }),
    retired: manifest.retired.filter(isOwn),
    migrations: migrations.flatMap((migration, index) => {
      if (!kept[index]) return []
      return [{ ...migration, parents: moved(migration.parents), after: moved(migration.after) }]
    }),
  }
}
