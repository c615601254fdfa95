import { manifestJson } from '../../codegen/manifest-json.ts'
import type { BuiltManifest } from '../built-manifest.ts'
import { BuildFailure } from '../failure.ts'
import { MANIFEST_FILE, RESOLVED_ID } from '../ids.ts'
import type { Project } from '../project.ts'
import { type Bundle, type BundleContext, importsOf } from './bundle.ts'
import { leftExternal } from './left-external.ts'

/**
 * Adds the manifest to a bundle that holds it, in `generateBundle` of Rollup, Rolldown and Vite.
 *
 * @returns the manifest, where the bundle holds it
 * @throws BuildFailure `MIG_B0407` when it, or a migration, is left out by `external`
 */
export function emitManifest(
  context: BundleContext,
  bundle: Bundle,
  project: Project,
  environment?: object,
): BuiltManifest | undefined {
  const manifest = context.getModuleInfo(RESOLVED_ID) ? project.servedTo(environment) : undefined
  const problem = leftExternal(importsOf(bundle), manifest, context, project.root)
  if (problem) throw new BuildFailure([problem])
  if (!manifest) return undefined
  context.emitFile({ type: 'asset', fileName: MANIFEST_FILE, source: manifestJson(manifest.data) })
  return manifest
}
