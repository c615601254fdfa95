import { canonicalModule } from './canonical.ts'
import type { Node } from './estree.ts'
import type { FileReport } from '../report/file-report.ts'
import { hashedName, type ImportedFile, importTarget, withoutEnding } from './import-target.ts'
import type { Modules, ParsedModule } from './modules.ts'

/** A folder of migrations while its modules are hashed. */
export interface HashContext {
  readonly modules: Modules
  /** Real path of the folder. */
  readonly folder: string
  /** By file, so that what many migrations import is written once. Those of migrations come first. */
  readonly known: Map<string, CanonicalFile>
}

/** All that counts of a module's own file: its tree is many times as large, and may go. */
export interface CanonicalFile {
  readonly text: string
  /** Files inside the folder that it imports. */
  readonly imports: readonly ImportedFile[]
}

/**
 * Each file is reported on once, though many migrations import it.
 *
 * @param skip Nodes that do not count: the ordering fields of a migration.
 */
export function canonicalFile(
  { source, program }: ParsedModule,
  skip: ReadonlySet<object>,
  context: HashContext,
  report: FileReport,
): CanonicalFile {
  const imports: ImportedFile[] = []
  const { text, refused } = canonicalModule(program as unknown as Node, source.text, {
    skip,
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
