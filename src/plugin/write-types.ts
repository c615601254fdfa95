import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { typesFile } from '../codegen/types-file.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { replaceFile } from '../scan/replace-file.ts'
import type { ScanResult } from '../scan/result.ts'
import { TYPES_FILE } from './ids.ts'

/**
 * Writes the types of the manifest beside the application's package.json, if they changed. Called after every scan.
 *
 * @param wanted absent: where there is a tsconfig.json
 * @returns what hinders it. Types alone stop no build: a checkout may be read-only.
 */
export function writeTypes(scan: ScanResult, wanted: boolean | undefined): Diagnostic | undefined {
  const { app, migrations, diagnostics } = scan
  // A scan with errors has no migrations: what the last one without them found stays known.
  if (diagnostics.some(({ severity }) => severity === 'error')) return undefined
  if (!(wanted ?? existsSync(join(app.root, 'tsconfig.json')))) return undefined
  const text = typesFile(migrations.map(({ id }) => id))
  try {
    replaceFile(join(app.root, TYPES_FILE), text)
    return undefined
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      code: 'MIG_B0409',
      severity: 'warning',
      message: `${TYPES_FILE} cannot be written, so type checks do not know the migrations as they are now: ${reason}.`,
      fix: 'Build where the folder can be written to and commit the file, or set the option `types: false`.',
      sources: [],
    }
  }
}
