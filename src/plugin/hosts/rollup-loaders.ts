import { readFileSync } from 'node:fs'
import type { Diagnostic, Source } from '../../diagnostics/diagnostic.ts'
import { isInside, withSlashes } from '../../scan/paths.ts'
import { sourceAt, sourceOf } from '../../scan/report/report.ts'
import type { BuiltManifest } from '../built-manifest.ts'
import { BuildFailure } from '../failure.ts'
import { formatPath } from '../../scan/report/format-diagnostic.ts'

/** Whether a module is a migration in TypeScript, or what such a one imports from its folder. */
export function isTypeScriptOf({ scan }: BuiltManifest, id: string): boolean {
  const file = withSlashes(id)
  return /\.m?ts$/.test(file) && scan.packages.some(({ folder }) => folder !== undefined && isInside(file, folder))
}

/**
 * @param code what all plugins made of the file
 * @throws BuildFailure `MIG_B0404` when that is TypeScript still
 */
export function requireJavaScript(code: string, file: string, parse: (code: string) => unknown, root: string): void {
  try {
    parse(code)
  } catch (error) {
    const name = formatPath(file, root)
    const problem: Diagnostic = {
      code: 'MIG_B0404',
      severity: 'error',
      message: `${name} is TypeScript. Rollup reads JavaScript, and no plugin turns the one into the other.`,
      fix: `${TYPESCRIPT_FIX}${/[\\/]node_modules[\\/]/.test(file) ? PACKAGES_FIX : ''}`,
      sources: [sourceOfError(file, code, error)],
    }
    throw new BuildFailure([problem])
  }
}

const TYPESCRIPT_FIX = 'Add a plugin that compiles TypeScript, for example `rollup-plugin-esbuild`.'
const PACKAGES_FIX = ' Many of them leave out `node_modules`: let yours `include` this file, or `exclude` nothing.'

/** The place in the file as its author wrote it, where no plugin moved it. */
function sourceOfError(file: string, code: string, error: unknown): Source {
  const isOriginal = readFileSync(file, 'utf8').replace(/^\uFEFF/, '') === code
  const offset = error instanceof Error && 'pos' in error ? error.pos : undefined
  return isOriginal && typeof offset === 'number' ? sourceAt({ file, text: code }, offset) : sourceOf(file)
}

/**
 * Called for modules without exports.
 *
 * @throws BuildFailure `MIG_B0405` when it is a migration in CommonJS: its exports stayed assignments, which Rollup does
 * not read
 */
export function requireExports({ scan }: BuiltManifest, id: string, root: string): void {
  const file = withSlashes(id)
  const migration = scan.migrations.find(({ files }) => files.some((each) => each.file === file))
  if (migration?.moduleFormat !== 'cjs' || migration.format !== 'module') return
  const text = readFileSync(file, 'utf8')
  const problem: Diagnostic = {
    code: 'MIG_B0405',
    severity: 'error',
    message: `${formatPath(file, root)} is CommonJS. Rollup reads ES modules, and no plugin turns the one into the other.`,
    fix: 'Add `@rollup/plugin-commonjs`.',
    sources: [sourceAt({ file, text }, Math.max(0, text.search(/\b(module\s*\.\s*)?exports\b/)))],
  }
  throw new BuildFailure([problem])
}
