import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { VIRTUAL_ID } from './ids.ts'

/** A server is built, and nothing in it asks for the manifest. */
export function unusedManifest(where: string): Diagnostic {
  return {
    code: 'MIG_B0402',
    severity: 'warning',
    message: `Nothing in ${where} imports ${VIRTUAL_ID}, so no migration is part of this build.`,
    fix: `Import it where the server starts: import manifest from '${VIRTUAL_ID}'`,
    sources: [],
  }
}
