import type { Id, Manifest, ManifestMigration } from '../graph/manifest.ts'
import type { ScanResult } from '../scan/result.ts'

export type MigrationData = Omit<ManifestMigration, 'load'>

/** A manifest without its loaders: what can be written as JSON. No path, no source text. */
export interface ManifestData extends Omit<Manifest, 'migrations'> {
  readonly migrations: readonly MigrationData[]
}

/** Both digests of a manifest. */
export type Digests = Pick<Manifest, 'digest' | 'required'>

/** What of a scan goes into code. */
export type ScannedOrder = Pick<ScanResult, 'migrations' | 'edges' | 'retired'>

/**
 * @param digests of the same migrations, see `scan/hash/digest`
 * @param held of a development server: ids that run only on request
 */
export function manifestData(scan: ScannedOrder, digests: Digests, held?: ReadonlySet<Id>): ManifestData {
  const migrations = scan.migrations.map((migration, index): MigrationData => {
    const { id, version, hash, accepted, format, files, uses, formerly, labels, has, traits } = migration
    const { parents = [], after = [], replaces = [] } = scan.edges[index] ?? {}
    const variants = files.flatMap(({ dialect }) => dialect ?? [])
    const order = { parents, after, formerly, replaces, labels }
    const data = { id, version, hash, accepted, format, variants, uses, ...order, has }
    return { ...data, ...(traits ? { traits } : {}), ...(held?.has(id) ? { held: true } : {}) }
  })
  return { v: 1, ...digests, ...(held ? { development: true } : {}), retired: scan.retired, migrations }
}
