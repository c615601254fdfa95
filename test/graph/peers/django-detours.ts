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
  const migrations = withFirstSpelledOut(withNearSquashes(withoutGoneSiblings(drawn.migrations)))
  // What is spelled out now may be such a sibling.
  return { ...drawn, migrations: withoutGoneSiblings(migrations) }
}

/**
 * `__first__` written as the id that it means, where the app has several first migrations (Django takes the one whose
 * name sorts first, names of what is gone included, and we take all that are there), or where its only one was squashed.
 */
function withFirstSpelledOut(migrations: readonly DjangoMigration[]): readonly DjangoMigration[] {
  const present = new Set(migrations.map(({ id }) => id))
  const replaced = new Set(migrations.flatMap(({ replaces }) => replaces))
  const roots = migrations.filter(({ id, dependencies, replaces }) => {
    const isInside = (other: string): boolean => packageOf(other) === packageOf(id)
    return !dependencies.some(isInside) && !replaces.some((other) => isInside(other) && present.has(other))
  })
  return withDependencies(migrations, (reference) => {
    const first = `${packageOf(reference)}:m00`
    const others = roots.filter(({ id }) => packageOf(id) === packageOf(reference) && id !== first)
    const isPlain = present.has(first) && !replaced.has(first) && others.length === 0
    return reference.endsWith(FIRST) && !isPlain ? [first] : [reference]
  })
}

/** What is replaced does not name what is replaced with it and gone. */
function withoutGoneSiblings(migrations: readonly DjangoMigration[]): readonly DjangoMigration[] {
  const present = new Set(migrations.map(({ id }) => id))
  const all = withInner(migrations)
  const families = migrations.filter(({ replaces }) => replaces.length > 0).map(({ id }) => new Set(all(id)))
  const isSibling = (id: Id, other: string): boolean => families.some((ids) => ids.has(id) && ids.has(other))
  return migrations.map((migration) => {
    const keep = (other: string): boolean => present.has(other) || !isSibling(migration.id, other)
    return {
      ...migration,
      dependencies: migration.dependencies.filter(keep),
      runBefore: migration.runBefore.filter(keep),
    }
  })
}

/** What a squash of another app took along and is gone is named by the name of the squash. */
function withNearSquashes(migrations: readonly DjangoMigration[]): readonly DjangoMigration[] {
  const present = new Set(migrations.map(({ id }) => id))
  return withDependencies(migrations, (reference, from) => {
    const squash = migrations.find(({ replaces }) => replaces.includes(reference))
    const isFar = squash !== undefined && packageOf(squash.id) !== packageOf(reference)
    return isFar && !present.has(reference) && packageOf(from) === packageOf(reference) ? [squash.id] : [reference]
  })
}

function withDependencies(
  migrations: readonly DjangoMigration[],
  rewrite: (reference: string, from: Id) => readonly string[],
): readonly DjangoMigration[] {
  return migrations.map((migration) => {
    const dependencies = migration.dependencies.flatMap((reference) => rewrite(reference, migration.id))
    return { ...migration, dependencies: [...new Set(dependencies)] }
  })
}
