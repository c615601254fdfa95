import { compareCodeUnits } from '../../graph/code-units.ts'
import { canonicalModule } from './canonical.ts'
import type { Node } from './estree.ts'
import type { FileReport } from '../report/file-report.ts'
import { hashOf } from './hash.ts'
import { hashedName, type ImportedFile, importTarget, withoutEnding } from './import-target.ts'
import { canonicalJson } from './hash-json.ts'
import type { Modules, ParsedModule } from './modules.ts'
import { canonicalSql } from './hash-sql.ts'

/** A folder of migrations while its modules are hashed. */
export interface HashContext {
  readonly modules: Modules
  /** Real path of the folder. */
  readonly folder: string
  /** Nodes that do not count, by file: the ordering fields of migrations. */
  readonly skip: ReadonlyMap<string, ReadonlySet<object>>
  /** Canonical forms by file, so that what many migrations import is written once. */
  readonly known: Map<string, Canonical>
}

interface Canonical {
  readonly text: string
  /** Files inside the folder that it imports. */
  readonly imports: readonly ImportedFile[]
}

/**
 * The hash of a module with all that it imports from its folder. Reports what cannot be hashed, and what the hash does
 * not cover.
 *
 * @param beside Files that belong to it without an import: a `.sql` of the same name.
 */
export async function hashModule(
  module: ParsedModule,
  beside: readonly string[],
  context: HashContext,
  report: FileReport,
): Promise<string> {
  const own = canonicalOf(module, context, report)
  const pending: ImportedFile[] = [...beside.map((file) => ({ kind: 'asset' as const, file })), ...own.imports]
  const seen = new Set([`module ${module.source.file}`])
  const parts: (readonly [string, string])[] = []
  for (const imported of pending) {
    const key = `${imported.kind} ${imported.file}`
    if (seen.has(key)) continue
    seen.add(key)
    const canonical =
      imported.kind === 'module' ? await importedOf(imported.file, context, report) : await assetOf(imported, context)
    parts.push([hashedName(imported.file, context.folder), canonical.text])
    pending.push(...canonical.imports)
  }
  return hashOf(['module', own.text, parts.toSorted(([a], [b]) => compareCodeUnits(a, b))])
}

async function importedOf(file: string, context: HashContext, report: FileReport): Promise<Canonical> {
  const module = await context.modules.parse(file)
  const [problem] = module.errors
  if (problem) report.for(module.source).error('MIG_B0301', problem.start, `${problem.message}.`, 'Correct the syntax.')
  return problem ? { text: '', imports: [] } : canonicalOf(module, context, report.for(module.source))
}

/** Other files count by their text; SQL and JSON by what they say. */
async function assetOf({ kind, file }: ImportedFile, context: HashContext): Promise<Canonical> {
  const { text } = await context.modules.text(file)
  if (kind === 'json') return { text: canonicalJson(text), imports: [] }
  if (file.endsWith('.sql')) return { text: canonicalSql(text), imports: [] }
  return { text: text.replaceAll('\r\n', '\n'), imports: [] }
}

/** Each file is reported on once, though many migrations import it. */
function canonicalOf({ source, program }: ParsedModule, context: HashContext, report: FileReport): Canonical {
  const known = context.known.get(source.file)
  if (known) return known
  const imports: ImportedFile[] = []
  const { text, refused } = canonicalModule(program as unknown as Node, source.text, {
    skip: context.skip.get(source.file) ?? new Set(),
    place(what, start) {
      report.warning('MIG_B0312', start, `What ${what} leads to is not part of the hash.`, FREEZE)
    },
    request(specifier, start) {
      const target = importTarget(specifier, source.file, context.folder)
      if ('file' in target) {
        imports.push(target)
        return `./${hashedName(target.file, context.folder)}${/\?.*$/s.exec(specifier)?.[0] ?? ''}`
      }
      if (target.kind === 'missing')
        report.error('MIG_B0313', start, `\`${specifier}\` leads to no file.`, 'Correct the path of the import.')
      if (target.kind === 'outside')
        report.warning('MIG_B0312', start, `\`${specifier}\` leads out of the folder of migrations.`, FREEZE)
      if (target.kind === 'alias')
        report.warning(
          'MIG_B0312',
          start,
          `\`${specifier}\` is an alias, so the build does not know what it leads to.`,
          FREEZE,
        )
      return target.kind === 'package' ? specifier : withoutEnding(specifier)
    },
  })
  for (const { start, what } of refused)
    report.error(
      'MIG_B0311',
      start,
      `A migration cannot contain ${what}.`,
      'Write it in JavaScript, with types that can be erased.',
    )
  const canonical = { text, imports }
  context.known.set(source.file, canonical)
  return canonical
}

const FREEZE = 'Freeze it: copy what you need into the folder, for example into `_helpers.ts`.'
