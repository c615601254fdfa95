import type { Application } from '../packages/application.ts'
import { FIELDS } from '../packages/field.ts'
import { type Listing, textOfListing } from '../packages/listing.ts'
import type { NodeModules } from '../packages/node-modules.ts'
import type { PackageInstance } from '../packages/packages.ts'
import { digestOfText } from './digest.ts'
import { toRelative } from './relative.ts'
import { count, listOf, optional, type Reader, text, truth, tuple } from './schema.ts'
import { isSettled, stampOf } from './stamp.ts'

/** A package as it is kept. */
export type PackageEntry = readonly [
  name: string,
  version: string,
  root: string,
  /** Of its package.json. */
  stamp: string,
  /** Whether it has a field that may be ours. */
  hasField: boolean,
  /** Index of the package that led to it; 0 for the application itself. */
  parent: number,
  /** Where it was found, if its root is reached through a link. */
  link: string | undefined,
  dependencies: readonly number[],
  optional: readonly string[],
]

/** A walk as it is kept: what it found, and what must be as it was for that to be true. Paths are relative. */
export type WalkEntry = readonly [
  install: string,
  /** Folders that were listed, with what they held; see `keptListing`. A folder with the stamp holds the same. */
  folders: readonly (readonly [folder: string, listing: string, stamp: string | undefined])[],
  /** In the order of the walk: the application is the first, and each comes after the one that led to it. */
  packages: readonly PackageEntry[],
]

const names = listOf(text)

export const readWalkEntry: Reader<WalkEntry> = tuple(
  text,
  listOf(tuple(text, text, optional(text))),
  listOf(tuple(text, text, text, text, truth, count, optional(text), listOf(count), names)),
)

/**
 * @param install what `installText` said before the walk
 * @returns `undefined` where something changed since the scan began, or so shortly before that nobody can tell, or where
 * a package may come unseen
 * @throws Mismatch where a package has no relative path
 */
export function walkEntry(
  { root }: Application,
  instances: readonly PackageInstance[],
  { folders, links, isOpen }: NodeModules,
  install: string,
  began: number,
): WalkEntry | undefined {
  if (isOpen) return undefined
  const indexes = new Map(instances.map((instance, index) => [instance.root, index]))
  const parents = parentsOf(instances)
  const packages: PackageEntry[] = []
  for (const instance of instances) {
    const stamp = stampOf(`${instance.root}/package.json`)
    if (!stamp || !isSettled(stamp, began)) return undefined
    const link = links.get(instance.root)
    packages.push([
      instance.name,
      instance.version,
      toRelative(instance.root, root),
      stamp.text,
      FIELDS.some((field) => instance.json.fields.has(field)),
      parents.get(instance.root) ?? 0,
      link === undefined ? undefined : toRelative(link, root),
      instance.dependencies.flatMap((dependency) => indexes.get(dependency) ?? []),
      instance.optional,
    ])
  }
  const kept = [...folders].map(
    ([folder, listing]) => [toRelative(folder, root), keptListing(listing), stampIf(listing, folder, began)] as const,
  )
  return [install, kept, packages]
}

export function keptListing(listing: Listing | undefined): string {
  return listing ? digestOfText(textOfListing(listing)) : ''
}

/** A link's own stamp says nothing of what it leads to, and one that is too young nothing at all. */
function stampIf(listing: Listing | undefined, folder: string, began: number): string | undefined {
  const stamp = listing?.isReal ? stampOf(folder) : undefined
  return stamp && isSettled(stamp, began) ? stamp.text : undefined
}

/** The index of the package that led to each: the first in the order of the walk. */
function parentsOf(instances: readonly PackageInstance[]): ReadonlyMap<string, number> {
  const parents = new Map<string, number>()
  for (const [index, { dependencies }] of instances.entries())
    for (const dependency of dependencies) if (!parents.has(dependency)) parents.set(dependency, index)
  return parents
}
