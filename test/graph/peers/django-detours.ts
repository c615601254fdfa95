import { type Id, packageOf } from '../../../src/graph/manifest.ts'
import { type DjangoCase, type DjangoMigration, FIRST, withInner } from './django-case.ts'

/**
 * What Django has to be asked so that it does not stumble over a squash that was applied in part.
 *
 * - It looks at what is listed: where that is an inner squash, itself applied in part, it takes the outer one for
 *   untouched and would run it over what is there, or forgets what comes before those that name the outer one.
 * - It lets those that name the squash, or that it runs before, come after the last of its members only. Where that one
 *   is of another app, they are cut off from their own app, whose `zero` and leaves then miss them.
 */
export function asDjangoSees(
  migrations: readonly DjangoMigration[],
  applied: ReadonlySet<Id>,
): readonly DjangoMigration[] {
  const present = new Set(migrations.map(({ id }) => id))
  const all = withInner(migrations)
  const isPartly = (id: Id): boolean => !applied.has(id) && all(id).some((other) => applied.has(other))
  const withMembers = (id: Id): readonly Id[] => (isPartly(id) ? all(id).filter((other) => present.has(other)) : [id])
  return migrations.map((migration) => {
    const replaces = migration.replaces.some(isPartly) ? migration.replaces.flatMap(all) : migration.replaces
    const dependencies = migration.dependencies.flatMap(withMembers)
    const around = migrations.filter(({ id }) => isPartly(id) && all(id).includes(migration.id))
    const runBefore = [...migration.runBefore, ...around.flatMap((squash) => squash.runBefore)]
    return {
      ...migration,
      dependencies: [...new Set(dependencies)],
      runBefore: [...new Set(runBefore)],
      replaces: [...new Set(replaces)],
    }
  })
}

/** A case with the same meaning that keeps clear of what `django-differences.test.ts` shows. */
export function aroundDifferences(drawn: DjangoCase): DjangoCase {
  return { ...drawn, migrations: withFirstSpelledOut(drawn.migrations) }
}

/**
 * `__first__` written as the id that it means, where the app has several first migrations (Django takes the one whose
 * name sorts first, names of what is gone included, and we take all that are there).
 */
function withFirstSpelledOut(migrations: readonly DjangoMigration[]): readonly DjangoMigration[] {
  const present = new Set(migrations.map(({ id }) => id))
  const roots = migrations.filter(({ id, dependencies, replaces }) => {
    const isInside = (other: string): boolean => packageOf(other) === packageOf(id)
    return !dependencies.some(isInside) && !replaces.some((other) => isInside(other) && present.has(other))
  })
  return withDependencies(migrations, (reference) => {
    const first = `${packageOf(reference)}:m00`
    const others = roots.filter(({ id }) => packageOf(id) === packageOf(reference) && id !== first)
    const isPlain = present.has(first) && others.length === 0
    return reference.endsWith(FIRST) && !isPlain ? [first] : [reference]
  })
}

function withDependencies(
  migrations: readonly DjangoMigration[],
  rewrite: (reference: string) => readonly string[],
): readonly DjangoMigration[] {
  return migrations.map((migration) => {
    const dependencies = migration.dependencies.flatMap(rewrite)
    return { ...migration, dependencies: [...new Set(dependencies)] }
  })
}
