import type { Draft } from '../draft.ts'
import type { MigrationFiles } from '../files.ts'
import type { Modules } from '../hash/modules.ts'
import type { Carrier } from '../packages/carriers.ts'
import { PackageTypes } from '../packages/package-type.ts'
import type { ReadPackage } from '../packages/read-package.ts'
import { isInside } from '../paths.ts'
import type { MigrationFile } from '../result.ts'
import { normalizeSql } from '../../sql/text.ts'
import { digestOfText } from './digest.ts'
import { type DraftEntry, draftEntry, metadataOf, readDraftEntry } from './draft-entry.ts'
import { toAbsolute, toRelative } from './relative.ts'
import { listOf, Mismatch, oneOf, optional, type Reader, text, tuple } from './schema.ts'
import { treeText } from './tree-text.ts'

type FileEntry = readonly [file: string, dialect: string | undefined, down: string | undefined]
type MigrationEntry = readonly [
  name: string,
  format: 'module' | 'sql',
  first: FileEntry,
  others: readonly FileEntry[],
  beside: readonly string[],
  draft: DraftEntry,
]

/** The migrations of a package as they are kept. Paths are relative to the package. */
export type PackageRecord = readonly [
  /** Of all that was said about the package, and of the names of the files in its folder. */
  digest: string,
  /** Each file that was read, with the digest of its text. */
  texts: readonly (readonly [file: string, digest: string])[],
  /** The `type` that the package.json files say for the folder of each migration. */
  types: readonly (readonly [file: string, type: string | undefined])[],
  migrations: readonly MigrationEntry[],
]

const file: Reader<FileEntry> = tuple(text, optional(text), optional(text))

export const readPackageRecord: Reader<PackageRecord> = tuple(
  text,
  listOf(tuple(text, text)),
  listOf(tuple(text, optional(text))),
  listOf<MigrationEntry>(tuple(text, oneOf('module', 'sql'), file, listOf(file), listOf(text), readDraftEntry)),
)

/** What a record of a package must begin with; `undefined` where none can be kept. */
export function packageDigest({ identity, field, folder, instance }: Carrier): string | undefined {
  const names = treeText(folder)
  if (names === undefined) return undefined
  return digestOfText(JSON.stringify([identity, field, toRelative(folder, instance.root), names]))
}

/** @throws Mismatch where a file has no relative path */
export async function packageRecord(
  digest: string,
  { instance: { root } }: Carrier,
  { drafts }: ReadPackage,
  modules: Modules,
): Promise<PackageRecord> {
  const types = new PackageTypes()
  const inside = (path: string): string => toRelative(path, root)
  const fileEntry = (each: MigrationFile): FileEntry => [
    inside(each.file),
    each.dialect,
    each.down && inside(each.down),
  ]
  const texts: (readonly [string, string])[] = []
  for (const path of modules.files) texts.push([inside(path), digestOfText((await modules.text(path)).text)])
  return [
    digest,
    texts,
    drafts.map(({ files: { files } }) => [inside(files[0].file), types.of(files[0].file, root)]),
    drafts.map((draft): MigrationEntry => {
      const { name, format, files, beside } = draft.files
      const [first, ...others] = files
      const entry = draftEntry(draft, inside(draft.source.file))
      return [name, format, fileEntry(first), others.map(fileEntry), beside.map(inside), entry]
    }),
  ]
}

/**
 * The migrations of a record.
 *
 * @throws Mismatch where a file is not as it was
 * @throws UnreadableFile
 */
export async function keptDrafts(record: PackageRecord, carrier: Carrier, modules: Modules): Promise<readonly Draft[]> {
  const [, texts, types, migrations] = record
  const { root } = carrier.instance
  const known = new PackageTypes()
  for (const [path, digest] of texts) {
    const { text: found } = await modules.text(insideOf(carrier, path))
    if (digestOfText(found) !== digest) throw new Mismatch(`${path} changed`)
  }
  for (const [path, type] of types)
    if (known.of(insideOf(carrier, path), root) !== type) throw new Mismatch(`the type of ${path} changed`)
  const drafts: Draft[] = []
  for (const entry of migrations) drafts.push(await draftOf(entry, carrier, modules))
  return drafts
}

async function draftOf(entry: MigrationEntry, carrier: Carrier, modules: Modules): Promise<Draft> {
  const [name, format, first, others, beside, draft] = entry
  const inside = (path: string): string => insideOf(carrier, path)
  const migrationFile = ([path, dialect, down]: FileEntry): MigrationFile => ({
    file: inside(path),
    ...(dialect === undefined ? {} : { dialect }),
    ...(down === undefined ? {} : { down: inside(down) }),
  })
  const files: MigrationFiles = {
    name,
    format,
    files: [migrationFile(first), ...others.map(migrationFile)],
    beside: beside.map(inside),
  }
  const [path, ownName, moduleFormat, hash, uses, has] = draft
  const source = await modules.text(inside(path))
  return {
    carrier,
    files,
    source: format === 'sql' ? { file: source.file, text: normalizeSql(source.text) } : source,
    name: ownName,
    id: `${carrier.identity}:${ownName}`,
    metadata: metadataOf(draft),
    uses: new Map(uses),
    has,
    moduleFormat,
    hash,
  }
}

/** @throws Mismatch where a path leads out of the folder of migrations */
function insideOf({ folder, instance }: Carrier, path: string): string {
  const found = toAbsolute(path, instance.root)
  if (!isInside(found, folder)) throw new Mismatch(`${path} is outside`)
  return found
}
