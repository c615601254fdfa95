import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Location, PartialMessage } from 'esbuild'
import type { Diagnostic, Source } from '../../diagnostics/diagnostic.ts'
import { formatSource, formatWarning, pageOf } from '../../scan/report/format-diagnostic.ts'

/** A diagnostic in esbuild's own form, which shows the frame itself. @param folder esbuild's working folder */
export function messageOf(diagnostic: Diagnostic, folder: string, root: string, cause?: unknown): PartialMessage {
  const { code, severity, message, fix, sources } = diagnostic
  const [source, ...others] = sources
  if (severity === 'warning' && source?.frame === undefined) return { text: formatWarning(diagnostic, root) }
  return {
    text: `[${code}] ${message}`,
    ...(source ? { location: locationOf(source, folder) } : {}),
    notes: [
      ...others.map((other) => ({ text: formatSource(other, root), location: locationOf(other, folder) })),
      { text: `fix: ${fix}` },
      { text: `see: ${pageOf(code)}` },
    ],
    ...(cause === undefined ? {} : { detail: cause }),
  }
}

/** esbuild counts lines from 1 and columns from 0, in bytes of UTF-8. */
function locationOf({ file, line, column }: Source, folder: string): Partial<Location> {
  const lineText = lineOf(file, line)
  return {
    file: relative(folder, file).replaceAll('\\', '/'),
    line,
    column: Buffer.byteLength(lineText.slice(0, column - 1)),
    lineText,
  }
}

function lineOf(file: string, line: number): string {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
    return text.split(/\r\n|\n|\r/)[line - 1] ?? ''
  } catch {
    // The place may be gone since, or be the thing that cannot be read: the position alone is true still.
    return ''
  }
}
