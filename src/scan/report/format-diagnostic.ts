import { relative } from 'node:path'
import type { Diagnostic, Source } from '../../diagnostics/diagnostic.ts'
import { escapeControls } from '../../diagnostics/escape-controls.ts'

/** Nobody reads more problems at once, and a host would stand still with a hundred thousand of them. */
export const MOST_PROBLEMS = 100
const MOST_PLACES = 10
/** Names in messages come from files that anybody may have written. */
const LONGEST_TEXT = 2000

/** A place as people write it, relative to the application's root: `migrations/0002.ts:4:14`. */
export function formatSource({ file, line, column }: Source, root: string): string {
  return `${formatPath(file, root)}:${line}:${column}`
}

export function formatPath(file: string, root: string): string {
  return escapeControls(relative(root, file).replaceAll('\\', '/'))
}

/** A message or fix: with paths from the root, without anything that steers a terminal, and not without end. */
export function formatText(text: string, root: string): string {
  const shown = escapeControls(text.slice(0, LONGEST_TEXT).replaceAll(`${root}/`, ''))
  return text.length > LONGEST_TEXT ? `${shown}… (${text.length} characters)` : shown
}

/** Where the package itself describes a code. */
export function pageOf(code: string): string {
  return `unplugin-migrations/docs/errors.md#${code.toLowerCase()}`
}

/** Says how many problems are not shown, or nothing. */
export function formatRest(count: number): string | undefined {
  const rest = count - MOST_PROBLEMS
  return rest > 0 ? `… and ${rest} more: mend these first.` : undefined
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
  const shown = diagnostics
    .slice(0, MOST_PROBLEMS)
    .map((diagnostic) => formatDiagnostic(diagnostic, root, withFrame).join('\n'))
  return [...shown, formatRest(diagnostics.length) ?? []].flat().join('\n\n')
}

/** Line by line, without the page that describes its code. */
export function formatProblem({ code, message, fix, sources }: Diagnostic, root: string, withFrame: boolean): string[] {
  const frame = withFrame ? sources[0]?.frame : undefined
  const places = sources.slice(0, MOST_PLACES).map((source) => formatSource(source, root))
  if (sources.length > MOST_PLACES) places.push(`${sources.length - MOST_PLACES} more`)
  return [
    `[${code}] ${formatText(message, root)}`,
    ...(frame === undefined ? [] : [frame]),
    `├▶ fix: ${formatText(fix, root)}`,
    ...(places.length === 0 ? [] : [`├▶ sources: ${places.join(', ')}`]),
  ]
}

function formatDiagnostic(diagnostic: Diagnostic, root: string, withFrame: boolean): readonly string[] {
  return [...formatProblem(diagnostic, root, withFrame), `╰▶ see: ${pageOf(diagnostic.code)}`]
}

/** A warning: one line where there is no code to show. */
export function formatWarning(diagnostic: Diagnostic, root: string): string {
  const { code, message, fix, sources } = diagnostic
  const [source] = sources
  if (source?.frame !== undefined) return formatDiagnostic(diagnostic, root, true).join('\n')
  const place = source ? ` (${formatSource(source, root)})` : ''
  return `[${code}] ${formatText(message, root)} ${formatText(fix, root)}${place}`
}
