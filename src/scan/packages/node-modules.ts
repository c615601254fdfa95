import { realPath } from '../paths.ts'
import { listFolder, type Listing } from './listing.ts'
import type { PackageJsons } from './package-json.ts'
import type { Resolver } from './resolver.ts'

/** A name that leads nowhere but into a `node_modules`. */
export const PACKAGE_NAME: RegExp = /^(?:@[^/\\@]+\/)?(?!\.{1,2}$)[^/\\@]+$/

/**
 * Resolves like Node: from the real path of a package upwards, which finds hoisted, nested and isolated installs,
 * workspaces and links alike. Lists each folder once, since a tree asks for the same ones again and again.
 */
export class NodeModules implements Resolver {
  /** Folders that were asked for, and what they held. As long as that is the same, the answers are. */
  readonly folders: Map<string, Listing | undefined> = new Map()
  /** Packages that are links, or behind one: where each was found first, by its root. */
  readonly links: Map<string, string> = new Map()
  readonly #packages: PackageJsons
  readonly #roots = new Map<string, string | undefined>()

  constructor(packages: PackageJsons) {
    this.#packages = packages
  }

  resolve(name: string, from: string): string | undefined {
    if (!PACKAGE_NAME.test(name)) return undefined
    const slash = name.indexOf('/')
    const scope = slash === -1 ? undefined : name.slice(0, slash)
    const base = name.slice(slash + 1)
    for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf('/'))) {
      const found = folder.endsWith('/node_modules') ? undefined : this.#inside(`${folder}/node_modules`, scope, base)
      if (found !== undefined || !folder.includes('/')) return found
    }
  }

  #inside(folder: string, scope: string | undefined, name: string): string | undefined {
    const listing = this.#list(folder, true)
    if (scope === undefined || !listing) return this.#root(folder, listing, name)
    if (!listing.entries.has(scope)) return undefined
    const scoped = `${folder}/${scope}`
    return this.#root(scoped, this.#list(scoped, listing.isReal), name)
  }

  #list(folder: string, isParentReal: boolean): Listing | undefined {
    if (this.folders.has(folder)) return this.folders.get(folder)
    const listing = listFolder(folder, isParentReal)
    this.folders.set(folder, listing)
    return listing
  }

  #root(folder: string, listing: Listing | undefined, name: string): string | undefined {
    const kind = listing?.entries.get(name)
    if (!listing || kind === undefined) return undefined
    const candidate = `${folder}/${name}`
    if (this.#roots.has(candidate)) return this.#roots.get(candidate)
    const root = listing.isReal && kind === 'other' ? candidate : realPath(candidate)
    const found = root !== undefined && this.#packages.isPackage(root) ? root : undefined
    if (found !== undefined && found !== candidate && !this.links.has(found)) this.links.set(found, candidate)
    this.#roots.set(candidate, found)
    return found
  }
}
