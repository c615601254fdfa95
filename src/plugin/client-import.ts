import { readFileSync } from 'node:fs'
import type { Diagnostic, Source } from '../diagnostics/diagnostic.ts'
import { sourceAt, sourceOf } from '../scan/report/report.ts'
import { formatPath } from '../scan/report/format-diagnostic.ts'
import { VIRTUAL_ID } from './ids.ts'

/** The manifest is imported where code for browsers is made. */
export function clientImport(
  importer: string | undefined,
  where: string,
  root: string,
  severity: Diagnostic['severity'],
): Diagnostic {
  const by = importer === undefined ? '' : ` by ${formatPath(importer, root)}`
  return {
    code: 'MIG_B0401',
    severity,
    message: `${VIRTUAL_ID} is imported${by} for ${where}. It names all migrations and leads to their code.`,
    fix: 'Import it in code for the server only. Where storages live in the browser, set the option `client: true`.',
    sources: importer === undefined ? [] : [importSite(importer)],
  }
}

/** The line of a module that imports the manifest. */
export function importSite(file: string): Source {
  try {
    const text = readFileSync(file, 'utf8')
    return sourceAt({ file, text }, Math.max(0, text.indexOf(VIRTUAL_ID)))
  } catch {
    // Another virtual module: there is no file to show.
    return sourceOf(file)
  }
}
