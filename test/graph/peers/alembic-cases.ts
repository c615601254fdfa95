import * as fc from 'fast-check'

/** A migration as both sides read it. Names are unique over all packages, since Alembic knows no packages. */
export interface CaseMigration {
  readonly name: string
  readonly package: string
  readonly index: number
  readonly parents: readonly string[]
  readonly dependsOn: readonly string[]
  readonly labels: readonly string[]
}

export interface Case {
  /** In an order in which they may run. */
  readonly migrations: readonly CaseMigration[]
  readonly packages: readonly { readonly name: string; readonly dependencies: readonly string[] }[]
  /** What was applied, and all that it needs. */
  readonly applied: readonly string[]
}

interface Shape {
  readonly packages: number
  readonly size: number
  /** How many parents a migration names, as weights of none, one and two. */
  readonly parents: readonly [none: number, one: number, two: number]
  readonly dependencies: boolean
  /** Each package is one line. */
  readonly isStraight: boolean
}

export const TANGLED: Shape = { packages: 3, size: 11, parents: [2, 6, 3], dependencies: true, isStraight: false }
/** Few migrations, which follow each other mostly by way of the other package. */
export const WOVEN: Shape = { packages: 2, size: 5, parents: [6, 3, 1], dependencies: true, isStraight: false }
export const LINES: Shape = { packages: 3, size: 9, parents: [0, 1, 0], dependencies: false, isStraight: true }
export const ONE_LINE: Shape = { ...LINES, packages: 1 }

/** Alembic finds no begin of an id in names shorter than four, and no label longer than that may begin like a name. */
const NAMES = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 4, maxLength: 6 })

/** How far back in the list a name is taken from: mostly from near, so that lines are longer than wide. */
const BACK = fc.oneof({ weight: 3, arbitrary: fc.nat(1) }, fc.nat(9))

export function cases({
  packages,
  size,
  parents: [none, one, two],
  dependencies,
  isStraight,
}: Shape): fc.Arbitrary<Case> {
  const backs = (count: number): fc.Arbitrary<number[]> => fc.array(BACK, { minLength: count, maxLength: count })
  const parent = isStraight ? fc.constant([0]) : backs(1)
  const migration = fc.record({
    owner: fc.nat(packages - 1),
    parents: fc.oneof(
      { weight: one, arbitrary: parent },
      { weight: none, arbitrary: backs(0) },
      { weight: two, arbitrary: backs(2) },
    ),
    dependsOn: dependencies ? fc.oneof({ weight: 2, arbitrary: backs(0) }, backs(1), backs(2)) : backs(0),
    isLabelled: fc.boolean(),
    isApplied: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constant(true)),
    index: fc.nat(),
  })
  return fc
    .record({
      drawn: fc.array(migration, { minLength: 1, maxLength: size }),
      names: fc.uniqueArray(NAMES, { minLength: size, maxLength: size }),
      npm: fc.array(fc.tuple(fc.nat(packages - 1), fc.nat(packages - 1)), { maxLength: 4 }),
    })
    .map(({ drawn, names, npm }) => {
      const migrations: CaseMigration[] = []
      for (const [number, each] of drawn.entries()) {
        const owner = `p${each.owner}`
        const inside = migrations.filter((other) => other.package === owner)
        const rank = drawn.filter((other, at) => [other.index, at] < [each.index, number] && other.owner === each.owner)
        migrations.push({
          name: names[number] ?? '',
          package: owner,
          index: rank.length,
          parents: before(inside, each.parents),
          dependsOn: before(migrations, each.dependsOn),
          labels: each.isLabelled ? [`L${number}`] : [],
        })
      }
      return {
        migrations,
        packages: Array.from({ length: packages }, (_, at) => ({
          name: `p${at}`,
          dependencies: npm.filter(([from]) => from === at).map(([, to]) => `p${to}`),
        })),
        applied: withNeeded(
          migrations,
          migrations.filter((_, at) => drawn[at]?.isApplied).map(({ name }) => name),
        ),
      }
    })
}

function before(migrations: readonly CaseMigration[], backs: readonly number[]): readonly string[] {
  const names = backs.flatMap((back) => migrations.at(-1 - (back % Math.max(1, migrations.length)))?.name ?? [])
  return [...new Set(names)]
}

export function withNeeded(migrations: readonly CaseMigration[], names: Iterable<string>): readonly string[] {
  const all = new Set(names)
  for (const { name, parents, dependsOn } of migrations.toReversed())
    if (all.has(name)) for (const needed of [...parents, ...dependsOn]) all.add(needed)
  return [...all]
}

/** Every migration comes after all of the others that it names. */
export function isValidOrder(migrations: readonly CaseMigration[], order: readonly string[]): boolean {
  return migrations.every(
    ({ name, parents, dependsOn }) =>
      !order.includes(name) ||
      [...parents, ...dependsOn].every((needed) => order.indexOf(needed) < order.indexOf(name)),
  )
}
