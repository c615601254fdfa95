import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withSlashes } from '../../scan/paths.ts'
import type { BuiltManifest } from '../built-manifest.ts'
import { BuildFailure } from '../failure.ts'
import { RESOLVED_ID } from '../ids.ts'
import { type Bundle, chunksOf, modulesAtStart } from './bundle.ts'

/** How many ids a message lists. */
const SHOWN = 5

/** Migrations that run with the server, whether they are pending or not. */
export function ranAtStart(manifest: BuiltManifest, bundle: Bundle): Diagnostic | undefined {
  const ids = idsAmong(manifest, modulesAtStart(bundle))
  if (ids === '') return undefined
  return {
    code: 'MIG_B0406',
    severity: 'warning',
    message: `Rollup runs the modules of these migrations at each start, not when they are pending: ${ids}.`,
    fix: 'Leave out `inlineDynamicImports`, so that each has a chunk of its own. Or have nothing run at their top level, and say so with the option `eager: true`.',
    sources: [],
  }
}

/**
 * @throws BuildFailure `MIG_B0408` when migrations stand in a file behind the manifest, where a top-level `await` of the
 * server would be asked for them before they ran. CommonJS has none.
 */
export function requireOrder(manifest: BuiltManifest, bundle: Bundle, format: string): void {
  if (format === 'cjs') return
  const chunk = [...chunksOf(bundle).values()].find(({ moduleIds }) => moduleIds.includes(RESOLVED_ID))
  const ids = idsAmong(manifest, chunk?.moduleIds.slice(chunk.moduleIds.indexOf(RESOLVED_ID)) ?? [])
  if (ids === '') return
  const problem: Diagnostic = {
    code: 'MIG_B0408',
    severity: 'error',
    message: `Rollup puts these migrations into the server's file, behind the code that asks for them: ${ids}.`,
    fix: 'Set the option `eager: true`, so that they come first. Or leave out `inlineDynamicImports`.',
    sources: [],
  }
  throw new BuildFailure([problem])
}

/** The first ids of the migrations whose modules are among `modules`. `.sql` is text, which runs nothing. */
function idsAmong({ scan }: BuiltManifest, modules: Iterable<string>): string {
  const among = new Set([...modules].map(withSlashes))
  const ids = scan.migrations.flatMap(({ id, files }) => (files.some(({ file }) => among.has(file)) ? [id] : []))
  return [...ids.slice(0, SHOWN), ...(ids.length > SHOWN ? [`${ids.length - SHOWN} more`] : [])].join(', ')
}
