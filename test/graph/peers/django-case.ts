import type { GraphNode } from '../../../src/graph/node.ts'
import type { Id } from '../../../src/graph/manifest.ts'
import { packageOf } from '../../../src/graph/manifest.ts'

/** A migration in Django's words. Apps are packages, and `<app>:__first__` is `<package>@base`. */
export interface DjangoMigration {
  readonly id: Id
  readonly dependencies: readonly string[]
  readonly runBefore: readonly string[]
  readonly replaces: readonly Id[]
}

export interface DjangoCase {
  /** As on disk, inner squashes before outer ones: Django 3.2 takes them in this order and fails in the other. */
  readonly migrations: readonly DjangoMigration[]
  /** All squashes that ever were, inner ones first, those that are gone included. */
  readonly squashes: readonly DjangoMigration[]
  /** What is no squash, with what came before it when everything was still there. Earlier ones first. */
  readonly originals: ReadonlyMap<Id, readonly Id[]>
}

const FIRST = ':__first__'

export function nodesOf(migrations: readonly DjangoMigration[]): readonly GraphNode[] {
  return migrations.map(({ id, dependencies, runBefore, replaces }, index): GraphNode => {
    const owner = packageOf(id)
    const isInside = (reference: string): boolean => packageOf(reference) === owner
    return {
      id,
      package: owner,
      index,
      parents: dependencies.filter(isInside),
      dependsOn: dependencies.filter((reference) => !isInside(reference)).map(baseOf),
      runBefore,
      replaces,
    }
  })
}

function baseOf(reference: string): string {
  return reference.endsWith(FIRST) ? `${reference.slice(0, -FIRST.length)}@base` : reference
}

/** What Django has recorded after it ran these: a squash as soon as all that it replaces is applied. */
export function settled({ squashes }: DjangoCase, originals: Iterable<Id>): ReadonlySet<Id> {
  const applied = new Set(originals)
  for (const { id, replaces } of squashes) if (replaces.every((other) => applied.has(other))) applied.add(id)
  return applied
}

/** A history that could have happened: with every migration all that came before it. */
export function closedSet({ originals }: DjangoCase, chosen: Iterable<Id>): ReadonlySet<Id> {
  const applied = new Set(chosen)
  for (const [id, before] of [...originals].toReversed())
    if (applied.has(id)) for (const each of before) applied.add(each)
  return applied
}

/** The same project before these squashes came: whoever names one names what it replaces. */
export function withoutSquashes(migrations: readonly DjangoMigration[], removed: ReadonlySet<Id>): DjangoMigration[] {
  const replacesOf = new Map(migrations.map(({ id, replaces }) => [id, replaces]))
  const expand = (reference: string): readonly string[] =>
    removed.has(reference) ? (replacesOf.get(reference) ?? []).flatMap(expand) : [reference]
  return migrations
    .filter(({ id }) => !removed.has(id))
    .map((migration) => ({
      ...migration,
      dependencies: [...new Set(migration.dependencies.flatMap(expand))],
      runBefore: [...new Set(migration.runBefore.flatMap(expand))],
    }))
}

/**
 * The same, with `__first__` written as the id that it meant, where the app has several first migrations (Django takes
 * the one whose name sorts first, we take all) or its only one was squashed and is still there.
 */
export function withFirstSpelledOut(drawn: DjangoCase): DjangoCase {
  const present = new Set(drawn.migrations.map(({ id }) => id))
  const replaced = new Set(drawn.migrations.flatMap(({ replaces }) => replaces))
  const roots = drawn.migrations.filter(({ id, dependencies, replaces }) => {
    const isInside = (other: string): boolean => packageOf(other) === packageOf(id)
    return !dependencies.some(isInside) && !replaces.some((other) => isInside(other) && present.has(other))
  })
  const spell = (reference: string): string => {
    const [root, ...others] = roots.filter(({ id }) => packageOf(id) === packageOf(reference))
    const isPlain = root !== undefined && others.length === 0 && !replaced.has(root.id)
    return reference.endsWith(FIRST) && !isPlain ? `${packageOf(reference)}:m00` : reference
  }
  const migrations = drawn.migrations.map((migration) => {
    return { ...migration, dependencies: [...new Set(migration.dependencies.map(spell))] }
  })
  return { ...drawn, migrations }
}

/**
 * What Django has to be asked so that it does not stumble over a squash that was applied in part.
 *
 * - It looks at what is listed: where that is an inner squash, itself applied in part, it takes the outer one for
 *   untouched and would run it over what is there, or forgets what comes before those that name the outer one.
 * - It lets those that name the squash come after the last of its members only. Where that one is of another app, they are
 *   cut off from their own app, whose `zero` and leaves then miss them.
 */
export function asDjangoSees(
  migrations: readonly DjangoMigration[],
  applied: ReadonlySet<Id>,
): readonly DjangoMigration[] {
  const present = new Set(migrations.map(({ id }) => id))
  const replacesOf = new Map(migrations.map(({ id, replaces }) => [id, replaces]))
  const all = (id: Id): readonly Id[] => [...(replacesOf.get(id) ?? []).flatMap(all), id]
  const isPartly = (id: Id): boolean => !applied.has(id) && all(id).some((other) => applied.has(other))
  const withMembers = (id: Id): readonly Id[] => (isPartly(id) ? all(id).filter((other) => present.has(other)) : [id])
  return migrations.map((migration) => {
    const replaces = migration.replaces.some(isPartly) ? migration.replaces.flatMap(all) : migration.replaces
    const dependencies = migration.dependencies.flatMap(withMembers)
    return { ...migration, dependencies: [...new Set(dependencies)], replaces: [...new Set(replaces)] }
  })
}
