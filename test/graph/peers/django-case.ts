import type { GraphNode } from '../../../src/graph/node.ts'
import { type Id, packageOf } from '../../../src/graph/manifest.ts'

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

export const FIRST = ':__first__'

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

/** Names of all that a squash replaces and is on disk, through inner ones too, and its own. */
export function withInner(migrations: readonly DjangoMigration[]): (id: Id) => readonly Id[] {
  const replacesOf = new Map(migrations.map(({ id, replaces }) => [id, replaces]))
  const all = (id: Id): readonly Id[] => [...(replacesOf.get(id) ?? []).flatMap(all), id]
  return all
}

/**
 * The same project before these squashes came: whoever names one names what it replaces, as far as that is there,
 * and that is what runs before what the squash runs before.
 */
export function withoutSquashes(
  migrations: readonly DjangoMigration[],
  removed: ReadonlySet<Id>,
): readonly DjangoMigration[] {
  const present = new Set(migrations.map(({ id }) => id))
  const replacesOf = new Map(migrations.map(({ id, replaces }) => [id, replaces]))
  const expand = (reference: string): readonly string[] =>
    removed.has(reference)
      ? (replacesOf.get(reference) ?? []).filter((id) => present.has(id)).flatMap(expand)
      : [reference]
  const all = withInner(migrations)
  const takenOver = (id: Id): readonly string[] =>
    migrations
      .filter((squash) => removed.has(squash.id) && all(squash.id).includes(id))
      .flatMap((squash) => squash.runBefore)
  const expandAll = (references: readonly string[]): readonly string[] => [...new Set(references.flatMap(expand))]
  return migrations
    .filter(({ id }) => !removed.has(id))
    .map((migration) => ({
      ...migration,
      dependencies: expandAll(migration.dependencies),
      runBefore: expandAll([...migration.runBefore, ...takenOver(migration.id)]),
      replaces: expandAll(migration.replaces),
    }))
}
