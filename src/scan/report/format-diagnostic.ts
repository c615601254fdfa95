import { relative } from 'node:path'
import type { Diagnostic, Source } from '../../diagnostics/diagnostic.ts'

/** A place as people write it, relative to the application's root: `migrations/0002.ts:4:14`. */
export function formatSource({ file, line, column }: Source, root: string): string {
  return `${formatPath(file, root)}:${line}:${column}`
}

export function formatPath(file: string, root: string): string {
  return relative(root, file).replaceAll('\\', '/')
}

export function pageOf(code: string): string {
  return `docs/errors.md#${code.toLowerCase()}`
}

/**
 * Diagnostics as text.
 *
 * @param root what paths are shown relative to
 * @param frames `several`: the frame of a single one is left to the host, which shows it below
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  root: string,
  frames: 'all' | 'several' = 'all',
): string {
  const withFrame = frames === 'all' || diagnostics.length > 1
  return diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, root, withFrame)).join('\n\n')
}

function formatDiagnostic({ code, message, fix, sources }: Diagnostic, root: string, withFrame: boolean): string {
  const frame = withFrame ? sources[0]?.frame : undefined
  const places = sources.map((source) => formatSource(source, root)).join(', ')
  return [
    `[${code}] ${message}`,
    ...(frame === undefined ? [] : [frame]),
    `├▶ fix: ${fix}`,
    ...(places === '' ? [] : [`├▶ sources: ${places}`]),
    `╰▶ see: ${pageOf(code)}`,
  ].join('\n')
}

/** A warning: one line where there is no code to show. */
export function formatWarning(diagnostic: Diagnostic, root: string): string {
  const { code, message, fix, sources } = diagnostic
  const [source] = sources
  if (source?.frame !== undefined) return formatDiagnostic(diagnostic, root, true)
  return `[${code}] ${message} ${fix}${source ? ` (${formatSource(source, root)})` : ''}`
}
