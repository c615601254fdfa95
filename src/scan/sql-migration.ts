import type { Member } from '../graph/manifest.ts'
import type { Dialect } from '../sql/dialect.ts'
import { normalizeSql } from '../sql/text.ts'
import { transactionControl } from '../sql/transaction-control.ts'
import type { FileReport } from './file-report.ts'
import type { MigrationFiles } from './files.ts'
import { hashOf } from './hash.ts'
import { canonicalSql } from './hash-sql.ts'
import { type Metadata, readMetadata } from './metadata.ts'
import type { Modules } from './modules.ts'
import type { SourceText } from './position.ts'
import { readHead } from './sql-metadata.ts'

export interface SqlMigration {
  /** Its first file. */
  readonly source: SourceText
  readonly metadata: Metadata
  readonly uses: ReadonlyMap<string, string>
  readonly has: readonly Member[]
  readonly hash: string
}

/**
 * Reads a `.sql` migration with its variants and its `.down.sql`. The head comment of the first variant speaks for all.
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
  const texts = await Promise.all(
    files.map(async ({ file, down, dialect }) => ({
      dialect: dialect as Dialect | undefined,
      up: await normalized(file, modules),
      down: down === undefined ? undefined : await normalized(down, modules),
    })),
  )
  const source = texts[0]?.up ?? { file: files[0].file, text: '' }
  const report = reportOn(source)
  const metadata = readMetadata(readHead(source.text, report), report)
  for (const { up, down, dialect } of texts) {
    refuseTransactionControl(up, dialect, reportOn(up))
    if (down) refuseTransactionControl(down, dialect, reportOn(down))
  }
  // Ordering fields say when it runs; these say what it does.
  const says = [[...(metadata.uses ?? [])], metadata.has, [...metadata.flags]]
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
  return { source, metadata, uses: rolesOf(metadata, roles, report), has, hash }
}

async function normalized(file: string, modules: Modules): Promise<SourceText> {
  const { text } = await modules.text(file)
  return { file, text: normalizeSql(text) }
}

function rolesOf(metadata: Metadata, roles: readonly string[], report: FileReport): ReadonlyMap<string, string> {
  if (metadata.uses && metadata.uses.size === 1) return metadata.uses
  if (metadata.uses && metadata.uses.size > 1)
    report.error(
      'MIG_B0309',
      metadata.at.get('uses') ?? 0,
      'A `.sql` file runs on one storage.',
      'Name one role: -- uses: db',
    )
  const [only, ...others] = roles
  if (metadata.at.has('uses')) return new Map()
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
