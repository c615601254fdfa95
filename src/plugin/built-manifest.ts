import { type ManifestData, manifestData } from '../codegen/manifest-data.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Id } from '../graph/manifest.ts'
import { digestsOf } from '../scan/hash/digest.ts'
import type { MigrationFile, ScanResult } from '../scan/result.ts'
import { BuildFailure } from './failure.ts'

/** A scan without errors, and what is emitted of it. */
export interface BuiltManifest {
  readonly scan: ScanResult
  readonly data: ManifestData
  /** The `.sql` migrations by their absolute path. */
  readonly sql: ReadonlyMap<string, MigrationFile>
}

/**
 * @param held of a development server: ids that run only on request
 * @throws BuildFailure with all errors of the scan
 */
export function buildManifest(scan: ScanResult, held?: ReadonlySet<Id>): BuiltManifest {
  failOnErrors(scan.diagnostics)
  const sql = scan.migrations.filter(({ format }) => format === 'sql').flatMap(({ files }) => files)
  return {
    scan,
    data: manifestData(scan, digestsOf(scan.migrations, held), held),
    sql: new Map(sql.map((migrationFile) => [migrationFile.file, migrationFile])),
  }
}

function failOnErrors(diagnostics: readonly Diagnostic[]): void {
  const [first, ...rest] = diagnostics.filter(({ severity }) => severity === 'error')
  if (first) throw new BuildFailure([first, ...rest])
}
