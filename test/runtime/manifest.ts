import { createHash } from 'node:crypto'
import { type Id, type Manifest, type ManifestMigration, packageOf } from '../../src/graph/manifest.ts'
import { squashedStanding } from '../../src/graph/squashed-standing.ts'
import type { Migration, Uses } from '../../src/runtime/migration.ts'

export interface TestMigration<U extends Uses = Uses> extends Partial<
  Omit<ManifestMigration, 'parents' | 'after' | 'uses' | 'load'>
> {
  readonly id: Id
  readonly uses: U
  readonly dependsOn?: readonly Id[]
  /** Default: the one above in the package. */
  readonly follows?: readonly Id[]
  readonly up?: Migration<U>['up']
  readonly verify?: Migration<U>['verify']
  readonly sql?: string
  readonly load?: ManifestMigration['load']
}

/** Types `up` from `uses`. */
export function migration<const U extends Uses>(given: TestMigration<U>): TestMigration {
  return given as unknown as TestMigration
}

/** A manifest as the build would emit it: in the given order, each after the one above it in its package. */
export function manifestOf(migrations: readonly TestMigration[]): Manifest {
  const indexes = new Map(migrations.map(({ id }, index) => [id, index]))
  const lastOf = new Map<string, number>()
  const built = migrations.map((given, index): ManifestMigration => {
    const above = lastOf.get(packageOf(given.id))
    lastOf.set(packageOf(given.id), index)
    return {
      version: '1.0.0',
      hash: `h0:${createHash('sha256').update(given.id).digest('hex')}`,
      accepted: [],
      format: given.sql === undefined ? 'module' : 'sql',
      variants: [],
      formerly: [],
      replaces: [],
      labels: [],
      has: ['up'],
      parents: (given.dependsOn ?? []).map((id) => indexes.get(id) ?? -1),
      after: given.follows?.map((id) => indexes.get(id) ?? -1) ?? (above === undefined ? [] : [above]),
      load: async () => (given.sql === undefined ? { default: given } : { default: { up: given.sql } }),
      ...given,
    }
  })
  const lines = built.filter(({ held }) => !held).map(({ id, hash }) => `${id} ${hash}\n`)
  const digest = createHash('sha256').update(lines.toSorted().join('')).digest('hex')
  const squashes = built.some(({ replaces }) => replaces.length > 0) ? { squashes: squashedStanding } : {}
  return { v: 1, digest, retired: [], migrations: built, ...squashes }
}
