import { findFiles } from '../files.ts'
import { Modules, UnreadableFile } from '../hash/modules.ts'
import { type Carrier, originOf } from '../packages/carriers.ts'
import { type ReadPackage, readPackage } from '../packages/read-package.ts'
import type { Report } from '../report/report.ts'
import type { Cache } from './cache.ts'
import { keptDrafts, packageDigest, type PackageRecord, packageRecord, readPackageRecord } from './package-record.ts'
import { toRelative } from './relative.ts'
import { listOf, Mismatch, readAs, text, tuple } from './schema.ts'

const NAME = 'migrations'

/** What reading some packages gave, and the files that were read. */
export interface ReadPackages {
  readonly read: readonly ReadPackage[]
  readonly files: readonly string[]
}

/** A package, by the path of its folder of migrations relative to the application. */
type Records = ReadonlyMap<string, PackageRecord>

const readRecords = listOf(tuple(text, readPackageRecord))

/**
 * Reads all migrations of some packages. Every file is read; those of a package of which nothing has changed since the
 * last scan are not parsed again. A package that something is said of is always read anew, so that it is said again.
 */
export async function cachedRead(carriers: readonly Carrier[], cache: Cache, report: Report): Promise<ReadPackages> {
  const kept: Records = new Map(readAs(readRecords, cache.read(NAME)))
  const records = new Map<string, PackageRecord>()
  const read: ReadPackage[] = []
  const files: string[] = []
  for (const carrier of carriers) {
    const modules = new Modules()
    const key = readAs(() => toRelative(carrier.folder, cache.root), undefined) ?? carrier.folder
    const digest = packageDigest(carrier)
    const record = kept.get(key)
    const drafts = record && digest === record[0] ? await draftsOf(record, carrier, modules) : undefined
    if (record && drafts) {
      records.set(key, record)
      read.push({ drafts, unread: [] })
      files.push(...modules.files)
      continue
    }
    const fresh = new Modules()
    const before = report.diagnostics.length
    const found = findFiles(carrier.folder, carrier.instance.root, originOf(carrier.instance), report)
    const made = await readPackage(carrier, found, fresh, report)
    read.push(made)
    files.push(...fresh.files)
    if (digest !== undefined && report.diagnostics.length === before)
      records.set(key, await packageRecord(digest, carrier, made, fresh))
  }
  if (!isSame(records, kept)) cache.write(NAME, [...records])
  return { read, files }
}

async function draftsOf(
  record: PackageRecord,
  carrier: Carrier,
  modules: Modules,
): Promise<ReadPackage['drafts'] | undefined> {
  try {
    return await keptDrafts(record, carrier, modules)
  } catch (error) {
    if (error instanceof Mismatch || error instanceof UnreadableFile) return undefined
    throw error
  }
}

function isSame(records: Records, kept: Records): boolean {
  return records.size === kept.size && [...records].every(([key, record]) => kept.get(key) === record)
}
