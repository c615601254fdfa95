import { isBuiltin } from 'node:module'
import { type HostContext, warn } from '../guard.ts'
import { unusedManifest } from '../unused-manifest.ts'
import { type Bundle, importsOf } from './bundle.ts'

/**
 * Says that nothing imports the manifest where the bundle is for a server. Nobody says so to Rollup, but what imports
 * Node's own modules is.
 *
 * @param isServer whether that is known from the options
 */
export function warnOfUnused(context: HostContext, bundle: Bundle, isServer: boolean, root: string): void {
  if (isServer || [...importsOf(bundle)].some((name) => isBuiltin(name)))
    warn(context, [unusedManifest('the bundle')], root)
}
