import { createHash } from 'node:crypto'
import {
  type Id,
  type Manifest,
  type ManifestMigration,
  type Member,
  packageOf,
  type StepTraits,
} from '../../src/graph/manifest.ts'
import { squashedStanding } from '../../src/graph/squashed-standing.ts'
import storages from '../../src/runtime/several/storages.ts'
import traits from '../../src/runtime/traits/strategy.ts'
import { digestsOf } from '../../src/scan/hash/digest.ts'
import type { Migration, Step, Uses } from '../../src/runtime/migration.ts'

export interface TestMigration<U extends Uses = Uses> extends Partial<
  Omit<ManifestMigration, 'parents' | 'after' | 'uses' | 'load'>
> {
  readonly id: Id
  readonly uses: U
  readonly dependsOn?: readonly Id[]
  /** Default: the one above in the package. */
  readonly follows?: readonly Id[]
  readonly up?: Migration<U>['up']
  readonly down?: Migration<U>['down']
  readonly when?: Migration<U>['when']
  readonly probe?: Migration<U>['probe']
  readonly verify?: Migration<U>['verify']
  /** Their traits are added to those of the migration. */
  readonly steps?: readonly Step<U>[]
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
    const isRepeatable = given.traits?.repeatable !== undefined
    const above = isRepeatable ? undefined : lastOf.get(packageOf(given.id))
    if (!isRepeatable) lastOf.set(packageOf(given.id), index)
    return {
      version: '1.0.0',
      hash: `h0:${createHash('sha256').update(given.id).digest('hex')}`,
      accepted: [],
      format: given.sql === undefined ? 'module' : 'sql',
      variants: [],
      formerly: [],
      replaces: [],
      labels: [],
      has: membersOf(given),
      parents: (given.dependsOn ?? []).map((id) => indexes.get(id) ?? -1),
      after: given.follows?.map((id) => indexes.get(id) ?? -1) ?? (above === undefined ? [] : [above]),
      load: async () => (given.sql === undefined ? { default: given } : { default: { up: given.sql } }),
      ...given,
      ...(given.steps ? { traits: { ...given.traits, steps: given.steps.map(stepTraits) } } : {}),
    }
  })
  const held = new Set(built.filter((each) => each.held).map(({ id }) => id))
  const squashes = built.some(({ replaces }) => replaces.length > 0) ? { squashes: squashedStanding } : {}
  // The build leaves out what its migrations do not ask for.
  return { v: 1, ...digestsOf(built, held), retired: [], migrations: built, ...squashes, traits, storages }
}

function membersOf(given: TestMigration): readonly Member[] {
  const down = given.down === false ? 'irreversible' : 'down'
  return [
    ...(given.steps ? [] : (['up'] as const)),
    ...(given.down === undefined ? [] : ([down] as const)),
    ...(['verify', 'when', 'probe', 'steps'] as const).filter((member) => given[member]),
  ]
}

function stepTraits({ name, uses, transaction, idempotent }: Step<Uses>): StepTraits {
  return {
    name,
    ...(uses ? { uses } : {}),
    ...(transaction === undefined ? {} : { transaction }),
    ...(idempotent === undefined ? {} : { idempotent }),
  }
}
