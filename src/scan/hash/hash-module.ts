import { compareCodeUnits } from '../../graph/code-units.ts'
import { type CanonicalFile, type HashContext, canonicalFile } from './canonical-file.ts'
import type { FileReport } from '../report/file-report.ts'
import { hashOf } from './hash.ts'
import { hashedName, type ImportedFile } from './import-target.ts'
import { canonicalJson } from './hash-json.ts'
import { canonicalSql } from './hash-sql.ts'

/**
 * The hash of a module with all that it imports from its folder. Reports what of that cannot be hashed, and what the
 * hash does not cover.
 *
 * @param own of its file
 * @param beside Files that belong to it without an import: a `.sql` of the same name.
 */
export async function hashModule(
  ownFile: string,
  own: CanonicalFile,
  beside: readonly string[],
  context: HashContext,
  report: FileReport,
): Promise<string> {
  const pending: ImportedFile[] = [...beside.map((file) => ({ kind: 'asset' as const, file })), ...own.imports]
  const seen = new Set([`module ${ownFile}`])
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

async function importedOf(file: string, context: HashContext, report: FileReport): Promise<CanonicalFile> {
  const known = context.known.get(file)
  if (known) return known
  const module = await context.modules.parse(file)
  const [problem] = module.errors
  const there = report.for(module.source)
  if (!problem) return canonicalFile(module, new Set(), context, there)
  there.error('MIG_B0301', problem.start, `${problem.message}.`, 'Correct the syntax.')
  const nothing = { text: '', imports: [] }
  context.known.set(file, nothing)
  return nothing
}

/** Other files count by their text; SQL and JSON by what they say. */
async function assetOf({ kind, file }: ImportedFile, context: HashContext): Promise<CanonicalFile> {
  const { text } = await context.modules.text(file)
  if (kind === 'json') return { text: canonicalJson(text), imports: [] }
  if (file.endsWith('.sql')) return { text: canonicalSql(text), imports: [] }
  return { text: text.replaceAll('\r\n', '\n'), imports: [] }
}
