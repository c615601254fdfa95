import type { Application } from '../packages/application.ts'
import { withFieldsOnly } from '../packages/field.ts'
import { listFolder } from '../packages/listing.ts'
import { PACKAGE_NAME } from '../packages/node-modules.ts'
import { LazySource, type PackageJson, readPackageJson } from '../packages/package-json.ts'
import { isLinked, type PackageInstance } from '../packages/packages.ts'
import { isInside, realPath } from '../paths.ts'
import { toAbsolute } from './relative.ts'
import { Mismatch } from './schema.ts'
import { stampOf } from './stamp.ts'
import { keptListing, type PackageEntry, type WalkEntry } from './walk-entry.ts'

/**
 * The packages of a walk that was kept.
 *
 * @param named packages whose package.json is asked for, whatever it holds
 * @throws Mismatch where anything on the disk is not as it was, or where a package lies where nobody would find it
 */
export function keptInstances(
  [, folders, packages]: WalkEntry,
  { root, json }: Application,
  named: ReadonlySet<string>,
): readonly PackageInstance[] {
  const roots = packages.map(([, , path]) => toAbsolute(path, root))
  if (roots[0] !== root) throw new Mismatch('of another application')
  checkFolders(folders, root)
  const instances: PackageInstance[] = []
  for (const [index, entry] of packages.entries()) {
    const at = roots[index] ?? root
    const parent = instances[entry[5]]
    if (index > 0) checkPlace(entry, at, parent, root)
    if (stampOf(`${at}/package.json`)?.text !== entry[3]) throw new Mismatch(`${at} changed`)
    instances.push({
      name: entry[0],
      version: entry[1],
      root: at,
      json: index === 0 ? withFieldsOnly(json) : jsonOf(entry, at, named),
      linked: isLinked(at),
      chain: index === 0 || !parent ? [] : [...parent.chain, parent.name],
      dependencies: entry[7].map((dependency) => rootAt(roots, dependency)),
      optional: entry[8],
    })
  }
  return instances
}

function checkFolders(folders: WalkEntry[1], root: string): void {
  /** Folders that are links: what is below one is reached through it. */
  const reached = new Set<string>()
  for (const [path, kept, stamp] of folders) {
    const folder = toAbsolute(path, root)
    if (stamp !== undefined && stampOf(folder)?.text === stamp) continue
    const listing = listFolder(folder, !reached.has(folder.slice(0, folder.lastIndexOf('/'))))
    if (listing && !listing.isReal) reached.add(folder)
    if (keptListing(listing) !== kept) throw new Mismatch(`${folder} changed`)
  }
}

/** A text that somebody wrote must not lead anywhere but where the package that it names would be found. */
function checkPlace(
  [, , , , , , link]: PackageEntry,
  at: string,
  parent: PackageInstance | undefined,
  root: string,
): void {
  const found = link === undefined ? at : toAbsolute(link, root)
  const middle = found.lastIndexOf('/node_modules/')
  const base = found.slice(0, middle)
  const isBelow = parent !== undefined && middle >= 0 && (parent.root === base || isInside(parent.root, base))
  if (!isBelow || !PACKAGE_NAME.test(found.slice(middle + '/node_modules/'.length)))
    throw new Mismatch(`${found} is no place of a package`)
  if (link !== undefined && realPath(found) !== at) throw new Mismatch(`${found} leads elsewhere`)
}

function rootAt(roots: readonly string[], index: number): string {
  const root = roots[index]
  if (root === undefined) throw new Mismatch('no such package')
  return root
}

const NONE: PackageJson['fields'] = new Map()

/** What the package says is read where it is asked for. */
function jsonOf([name, , , , hasField]: PackageEntry, root: string, named: ReadonlySet<string>): PackageJson {
  if (!hasField && !named.has(name)) return { source: new LazySource(`${root}/package.json`), fields: NONE }
  try {
    return withFieldsOnly(readPackageJson(root))
  } catch {
    throw new Mismatch(`${root}/package.json cannot be read`)
  }
}
