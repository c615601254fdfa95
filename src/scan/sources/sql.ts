import type { Member } from '../../graph/manifest.ts'
import type { Dialect } from '../../sql/dialect.ts'
import { normalizeSql } from '../../sql/text.ts'
import { transactionControl } from '../../sql/transaction-control.ts'
import type { FileReport } from '../report/file-report.ts'
import type { MigrationFiles } from '../files.ts'
import { hashOf } from '../hash/hash.ts'
import { canonicalSql } from '../hash/hash-sql.ts'
import { reportContradictions } from '../metadata/contradictions.ts'
import type { Given } from '../metadata/given.ts'
import { type Metadata, readMetadata } from '../metadata/metadata.ts'
import type { Modules } from '../hash/modules.ts'
import type { SourceText } from '../report/position.ts'
import type { MigrationFile } from '../result.ts'
import { readHead } from '../metadata/sql-metadata.ts'

export interface SqlMigration {
  /** Its first file. */
  readonly source: SourceText
  readonly metadata: Metadata
  readonly uses: ReadonlyMap<string, string>
  readonly has: readonly Member[]
  readonly hash: string
}

/**
 * Reads a `.sql` migration with its variants and its `.down.sql`. Where several variants have fields in their head comment,
 * they must be the same.
 *
 * @param roles Roles of kind `sql` that the package has.
 * @throws UnreadableFile
 */
export async function readSql(
  files: MigrationFiles['files'],
  roles: readonly string[],
  modules: Modules,
  reportOn: (source: SourceText) => FileReport,
): Promise<SqlMigration> {
  const [first, ...rest] = files
  const texts = [
    await readVariant(first, modules),
    ...(await Promise.all(rest.map((file) => readVariant(file, modules)))),
  ] as const
  const { source, given, report } = headOf(texts, reportOn)
  const metadata = readMetadata(given, report)
  for (const { up, down, dialect } of texts) {
    refuseTransactionControl(up, dialect, reportOn(up))
    if (down) refuseTransactionControl(down, dialect, reportOn(down))
  }
  // Ordering fields say when it runs; these say what it does.
  const { repeatable } = metadata.traits ?? {}
  const flags = [...metadata.flags].filter((name) => name !== 'down').toSorted()
  const says = [[...(metadata.uses ?? [])], metadata.has, [...flags, ...(repeatable ? [repeatable] : [])]]
  const hash = hashOf([
    'sql',
    says,
    texts.map(({ dialect, up, down }) => [
      dialect ?? '',
      canonicalSql(up.text, dialect),
      down ? canonicalSql(down.text, dialect) : null,
    ]),
  ])
  const hasDown = texts.every(({ down }) => down !== undefined)
  const has: Member[] = ['up', ...(hasDown ? ['down' as const] : metadata.has)]
  reportContradictions(metadata, has, report)
  return { source, metadata, uses: rolesOf(metadata, roles, report), has, hash }
}

interface Variant {
  readonly dialect: Dialect | undefined
  readonly up: SourceText
  readonly down: SourceText | undefined
}

async function readVariant({ file, down, dialect }: MigrationFile, modules: Modules): Promise<Variant> {
  return {
    dialect: dialect as Dialect | undefined,
    up: await normalized(file, modules),
    down: down === undefined ? undefined : await normalized(down, modules),
  }
}

interface Head {
  readonly source: SourceText
  readonly report: FileReport
  readonly given: readonly Given[]
}

/** The head comment that speaks for all variants: the first with fields. */
function headOf(
  [first, ...rest]: readonly [Variant, ...Variant[]],
  reportOn: (source: SourceText) => FileReport,
): Head {
  const read = ({ up }: Variant): Head => {
    const report = reportOn(up)
    return { source: up, report, given: readHead(up.text, report) }
  }
  const heads = [read(first), ...rest.map(read)] as const
  const main = heads.find(({ given }) => given.length > 0) ?? heads[0]
  for (const { given, report } of heads) {
    const [field] = given
    if (!field || saying(given) === saying(main.given)) continue
    const message = `The fields differ from those of ${main.source.file}.`
    report.error('MIG_B0305', field.start, message, 'Write the same fields in all variants, or in one of them only.')
  }
  return main
}

/** Fields without their places. */
function saying(given: readonly Given[]): string {
  const parts = given.map(({ name, value }) => [name, value])
  return JSON.stringify(parts.toSorted(), (key, value: unknown) => (key === 'start' ? undefined : value))
}

async function normalized(file: string, modules: Modules): Promise<SourceText> {
  const { text } = await modules.text(file)
  return { file, text: normalizeSql(text) }
}

function rolesOf(metadata: Metadata, roles: readonly string[], report: FileReport): ReadonlyMap<string, string> {
  if (metadata.uses && metadata.uses.size === 1) return metadata.uses
  if (metadata.uses && report.errors === 0)
    report.error(
      'MIG_B0309',
      metadata.at.get('uses') ?? 0,
      'A `.sql` file runs on one storage.',
      'Name one role: -- uses: db',
    )
  if (metadata.at.has('uses')) return new Map()
  const [only, ...others] = roles
  if (only !== undefined && others.length === 0) return new Map([[only, 'sql']])
  const why =
    only === undefined
      ? 'The package has no role of kind sql'
      : `The package has several roles of kind sql (${roles.join(', ')})`
  report.error(
    'MIG_B0309',
    0,
    `${why}, so the storage of this file is not known.`,
    `Begin the file with this line: -- uses: ${only ?? 'db'}`,
  )
  return new Map()
}

function refuseTransactionControl({ text }: SourceText, dialect: Dialect | undefined, report: FileReport): void {
  const found = transactionControl(text, dialect)
  if (!found) return
  const lines = text.split('\n').slice(0, found.line - 1)
  const offset = lines.reduce((sum, line) => sum + line.length + 1, 0) + found.column - 1
  report.error(
    'MIG_B0310',
    offset,
    `${found.keyword} inside a migration.`,
    `Remove ${found.keyword}: the runtime opens and ends the transaction.`,
  )
}
