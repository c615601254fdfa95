import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { withSlashes } from '../../scan/paths.ts'
import { listed } from '../../scan/report/listed.ts'
import type { BuiltManifest } from '../built-manifest.ts'
import { BuildFailure } from '../failure.ts'
import { RESOLVED_ID } from '../ids.ts'
import { type Bundle, chunksOf, modulesAtStart } from './bundle.ts'

/** Formats in which a server may wait at its top level. */
const WAITING = new Set(['es', 'system'])

/** Migrations that run with the server, whether they are pending or not: of a host that wraps no module. */
export function ranAtStart(manifest: BuiltManifest, bundle: Bundle): Diagnostic | undefined {
  const ids = idsAmong(manifest, modulesAtStart(bundle))
  if (ids === '') return undefined
  return {
    code: 'MIG_B0406',
    severity: 'warning',
    message: `The modules of these migrations run at each start, not when they are pending: ${ids}.`,
    fix: 'Leave out `inlineDynamicImports`, so that each has a chunk of its own. Or have nothing run at their top level, and say so with the option `eager: true`.',
    sources: [],
  }
}

/**
 * Called where migrations are imported lazily, and modules are not wrapped.
 *
 * @throws BuildFailure `MIG_B0408` when a migration is in one chunk with the manifest. A server that waits for it at its
 * top level waits for the end of its own chunk
 */
export function requireOwnChunks(manifest: BuiltManifest, bundle: Bundle, format: string): void {
  if (!WAITING.has(format)) return
  const chunk = [...chunksOf(bundle).values()].find(({ moduleIds }) => moduleIds.includes(RESOLVED_ID))
  const ids = idsAmong(manifest, chunk?.moduleIds ?? [])
  if (ids === '') return
  const problem: Diagnostic = {
    code: 'MIG_B0408',
    severity: 'error',
    message: `These migrations are in one chunk with the code that asks for them, and run behind it: ${ids}.`,
    fix: 'Set the option `eager: true`, so that they come first. Or let neither `inlineDynamicImports` nor a group of chunks join them.',
    sources: [],
  }
  throw new BuildFailure([problem])
}

/** The first ids of the migrations whose modules are among `modules`. `.sql` is text, which runs nothing. */
function idsAmong({ scan }: BuiltManifest, modules: Iterable<string>): string {
  const among = new Set([...modules].map(withSlashes))
  const ids = scan.migrations.flatMap(({ id, files }) => (files.some(({ file }) => among.has(file)) ? [id] : []))
  return listed(ids)
}
