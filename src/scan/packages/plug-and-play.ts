import Module from 'node:module'
import { withSlashes } from '../paths.ts'
import type { PackageJsons } from './package-json.ts'
import type { Resolver } from './resolver.ts'

/** What is called of Yarn's API, see https://yarnpkg.com/advanced/pnpapi. */
interface PnpApi {
  resolveToUnqualified(request: string, issuer: string, options: { considerBuiltins: boolean }): string | null
}

/** Yarn adds it when it is at work. */
interface WithPnp {
  findPnpApi?(path: string): PnpApi | null
}

/**
 * Resolves as Yarn's Plug'n'Play does, where it is at work in this process: then `node:fs` reads in archives too. A path
 * of a package that it made for one set of peers stays as it is, since only from there those peers are found.
 */
export function plugAndPlay(root: string, packages: PackageJsons): Resolver | undefined {
  const api = (Module as WithPnp).findPnpApi?.(`${root}/`)
  if (!api) return undefined
  return {
    resolve(name, from) {
      try {
        const found = api.resolveToUnqualified(name, `${from}/`, { considerBuiltins: false })
        const folder = found === null ? undefined : withSlashes(found).replace(/\/$/, '')
        // A package for another system has a place, but nobody put it there.
        return folder !== undefined && packages.isPackage(folder) ? folder : undefined
      } catch {
        // A peer that nobody brings.
        return undefined
      }
    },
  }
}
