import type { Id, Manifest, ManifestMigration } from '../graph/manifest.ts'
import type { ScanResult } from '../scan/result.ts'

export type MigrationData = Omit<ManifestMigration, 'load'>

/** A manifest without its loaders: what can be written as JSON. No path, no source text. */
export interface ManifestData extends Omit<Manifest, 'migrations'> {
  readonly migrations: readonly MigrationData[]
}

/** What of a scan goes into code. */
export type ScannedOrder = Pick<ScanResult, 'migrations' | 'edges'>

/**
 * @param digest over the migrations that are not held, see `scan/digest`
 * @param held of a development server: ids that run only on request
 */
export function manifestData(scan: ScannedOrder, digest: string, held?: ReadonlySet<Id>): ManifestData {
  const migrations = scan.migrations.map((migration, index): MigrationData => {
    const { id, version, hash, format, files, uses, formerly, labels, has } = migration
    const { parents = [], after = [], replaces = [] } = scan.edges[index] ?? {}
    const variants = files.flatMap(({ dialect }) => dialect ?? [])
    const order = { parents, after, formerly, replaces, labels }
    const data = { id, version, hash, accepted: [], format, variants, uses, ...order, has }
    return held?.has(id) ? { ...data, held: true } : data
  })
  return { v: 1, digest, ...(held ? { development: true } : {}), retired: [], migrations }
}
