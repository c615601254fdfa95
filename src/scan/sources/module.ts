import { cjsMembers, isBlank } from '../metadata/cjs-members.ts'
import { esmMembers } from '../metadata/esm-members.ts'
import { reportContradictions } from '../metadata/contradictions.ts'
import { FIELDS, ORDERING_FIELDS } from '../metadata/fields.ts'
import { givenBy } from '../metadata/given.ts'
import type { FileReport } from '../report/file-report.ts'
import type { Members } from '../metadata/members.ts'
import { type Metadata, readMetadata } from '../metadata/metadata.ts'
import type { ParsedModule } from '../hash/modules.ts'

/** What a module says about itself, and which of its nodes the hash leaves out. */
export interface ModuleMigration {
  readonly metadata: Metadata
  readonly moduleFormat: 'esm' | 'cjs'
  readonly skip: ReadonlySet<object>
}

/**
 * Reads a module without executing it. Reports what is wrong with it.
 *
 * @param type The `type` of the package.json that its file follows.
 */
export function readModule(
  module: ParsedModule,
  type: string | undefined,
  report: FileReport,
): ModuleMigration | undefined {
  const [problem] = module.errors
  if (problem) {
    report.error('MIG_B0301', problem.start, `${problem.message}.`, 'Correct the syntax.')
    return undefined
  }
  const moduleFormat = formatOf(module, type)
  const members = moduleFormat === 'cjs' ? cjsMembers(module.program) : esmMembers(module.program)
  const given = givenBy(members, FIELDS, report)
  reportBeside(members, report)
  const metadata = readMetadata(given, report)
  reportContradictions(metadata, metadata.has, report)
  reportMissing(metadata, report)
  return { metadata, moduleFormat, skip: skipped(module, members) }
}

/** As Node decides, except that syntax goes before a missing `type`: bundlers read it so. */
function formatOf(module: ParsedModule, type: string | undefined): 'esm' | 'cjs' {
  const { file } = module.source
  if (/\.m[jt]s$/.test(file)) return 'esm'
  if (file.endsWith('.cjs')) return 'cjs'
  return type === 'module' || module.hasModuleSyntax ? 'esm' : 'cjs'
}

function reportBeside({ beside }: Members, report: FileReport): void {
  for (const { name, start } of beside)
    if (FIELDS.has(name))
      report.error(
        'MIG_B0314',
        start,
        `\`${name}\` stands beside a default export, where nobody reads it.`,
        'Move it into the default export.',
      )
}

/** What is missing is only said where nothing else is wrong: it may be in what could not be read. */
function reportMissing(metadata: Metadata, report: FileReport): void {
  if (report.errors > 0) return
  if (!metadata.has.includes('up') && !metadata.has.includes('steps'))
    report.error('MIG_B0306', 0, 'There is no `up`.', 'Export it: export async function up({ db }) { … }')
  if (!metadata.uses || metadata.uses.size === 0)
    report.error(
      'MIG_B0308',
      metadata.at.get('uses') ?? 0,
      'The migration uses no storage.',
      "Say which: export const uses = { db: 'sql' }",
    )
}

function skipped({ program }: ParsedModule, { members }: Members): ReadonlySet<object> {
  const skip = new Set<object>(members.filter(({ name }) => ORDERING_FIELDS.has(name)).flatMap(({ nodes }) => nodes))
  // Compilers list all exports in it, those of ordering fields too.
  for (const statement of program.body)
    if (statement.type === 'ExpressionStatement' && isBlank(statement.expression)) skip.add(statement)
  return skip
}
