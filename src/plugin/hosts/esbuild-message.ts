import { readFileSync } from 'node:fs'
import type { Location, PartialMessage } from 'esbuild'
import type { Diagnostic, Source } from '../../diagnostics/diagnostic.ts'
import { printable } from '../../scan/report/frame.ts'
import { lineAt } from '../../scan/report/position.ts'
import {
  formatPath,
  formatRest,
  formatSource,
  formatText,
  formatWarning,
  MOST_PROBLEMS,
  pageOf,
} from '../../scan/report/format-diagnostic.ts'

/** esbuild shows a line as a whole. In one that is longer than this, which is minified, the place is shown by our frame. */
const WIDEST = 1000

/** All diagnostics of a failure. @param folder esbuild's working folder @param root what paths are shown relative to */
export function messagesOf(
  diagnostics: readonly Diagnostic[],
  folder: string,
  root: string,
  cause?: unknown,
): PartialMessage[] {
  const shown = diagnostics.slice(0, MOST_PROBLEMS).map((diagnostic) => messageOf(diagnostic, folder, root, cause))
  const rest = formatRest(diagnostics.length)
  return rest === undefined ? shown : [...shown, { text: rest }]
}

/** A diagnostic in esbuild's own form, which shows the frame itself. */
export function messageOf(diagnostic: Diagnostic, folder: string, root: string, cause?: unknown): PartialMessage {
  const { code, severity, message, fix, sources } = diagnostic
  const [source, ...others] = sources
  if (severity === 'warning' && source?.frame === undefined) return { text: formatWarning(diagnostic, root) }
  return {
    text: `[${code}] ${formatText(message, root)}`,
    ...(source ? { location: locationOf(source, folder) } : {}),
    notes: [
      ...(source?.frame !== undefined && source.column > WIDEST ? [{ text: source.frame }] : []),
      ...others.map((other) => ({ text: formatSource(other, root), location: locationOf(other, folder) })),
      { text: `fix: ${formatText(fix, root)}` },
      { text: `see: ${pageOf(code)}` },
    ],
    ...(cause === undefined ? {} : { detail: cause }),
  }
}

/** esbuild counts lines from 1 and columns from 0, in bytes of UTF-8. */
function locationOf({ file, line, column, frame }: Source, folder: string): Partial<Location> {
  // A file as a whole may be what must not be read: a link out of its package, to a file without end.
  const isShown = frame !== undefined && column <= WIDEST
  const lineText = isShown ? printable(lineOf(file, line)).slice(0, WIDEST) : ''
  return {
    file: formatPath(file, folder),
    line,
    column: Buffer.byteLength(lineText.slice(0, column - 1)),
    lineText,
  }
}

function lineOf(file: string, line: number): string {
  try {
    return lineAt({ file, text: readFileSync(file, 'utf8').replace(/^\uFEFF/, '') }, line)
  } catch {
    // The place may be gone since, or be the thing that cannot be read: the position alone is true still.
    return ''
  }
}
