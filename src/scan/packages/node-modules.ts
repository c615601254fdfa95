import { realPath } from '../paths.ts'
import { listFolder, type Listing } from './listing.ts'
import type { PackageJsons } from './package-json.ts'
import type { Resolver } from './resolver.ts'

/** A name that leads nowhere but into a `node_modules`. */
export const PACKAGE_NAME: RegExp = /^(?:@[^/\\@]+\/)?(?!\.{1,2}$)[^/\\@]+$/

/** A `node_modules` that is there. */
interface Place {
  readonly folder: string
  readonly listing: Listing
}

/**
 * Resolves like Node: from the real path of a package upwards, which finds hoisted, nested and isolated installs,
 * workspaces and links alike. Lists each folder once, since a tree asks for the same ones again and again.
 */
export class NodeModules implements Resolver {
  /** Folders that were asked for, and what they held. As long as that is the same, the answers are. */
  readonly folders: Map<string, Listing | undefined> = new Map()
  /** Packages that are links, or behind one: where each was found first, by its root. */
  readonly links: Map<string, string> = new Map()
  /** Whether a package may come to a place that was asked for, with no folder listed otherwise than before. */
  isOpen = false
  readonly #packages: PackageJsons
  readonly #places = new Map<string, readonly Place[]>()
  readonly #linked = new Map<string, string | undefined>()
  /** All names of a package are asked for one after the other. */
  #last: { readonly from: string; readonly places: readonly Place[] } | undefined

  constructor(packages: PackageJsons) {
    this.#packages = packages
  }

  resolve(name: string, from: string): string | undefined {
    if (!PACKAGE_NAME.test(name)) return undefined
    if (this.#last?.from !== from) this.#last = { from, places: this.#above(from) }
    const slash = name.indexOf('/')
    for (const place of this.#last.places) {
      const found = slash === -1 ? this.#inside(place, name) : this.#inScope(place, name.slice(0, slash), name)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** The places that are asked from a folder, the nearest first. Thousands of packages share all but their own. */
  #above(from: string): readonly Place[] {
    const folder = `${from}/node_modules`
    const listing = from.endsWith('/node_modules') ? undefined : this.#list(folder, true)
    const slash = from.lastIndexOf('/')
    const others = slash === -1 ? [] : this.#aboveParent(from.slice(0, slash))
    return listing ? [{ folder, listing }, ...others] : others
  }

  #aboveParent(parent: string): readonly Place[] {
    const known = this.#places.get(parent)
    if (known) return known
    const places = this.#above(parent)
    this.#places.set(parent, places)
    return places
  }

  #inScope({ folder, listing }: Place, scope: string, name: string): string | undefined {
    if (!listing.entries.has(scope)) return undefined
    const scoped = `${folder}/${scope}`
    const inside = this.#list(scoped, listing.isReal)
    return inside && this.#inside({ folder: scoped, listing: inside }, name.slice(scope.length + 1))
  }

  #list(folder: string, isParentReal: boolean): Listing | undefined {
    const known = this.folders.get(folder)
    if (known || this.folders.has(folder)) return known
    const listing = listFolder(folder, isParentReal)
    this.folders.set(folder, listing)
    return listing
  }

  #inside({ folder, listing }: Place, name: string): string | undefined {
    const kind = listing.entries.get(name)
    if (kind === undefined) return undefined
    const candidate = `${folder}/${name}`
    if (!listing.isReal || kind === 'link') return this.#behind(candidate)
    return this.#isPackage(candidate) ? candidate : undefined
  }

  #behind(link: string): string | undefined {
    if (this.#linked.has(link)) return this.#linked.get(link)
    const root = realPath(link)
    const found = root !== undefined && this.#isPackage(root) ? root : undefined
    if (root === undefined) this.isOpen = true
    if (found !== undefined && !this.links.has(found)) this.links.set(found, link)
    this.#linked.set(link, found)
    return found
  }

  #isPackage(folder: string): boolean {
    const isPackage = this.#packages.isPackage(folder)
    if (!isPackage) this.isOpen = true
    return isPackage
  }
}
