/** A file's text as it was read, without a byte order mark. */
export interface SourceText {
  /** Absolute real path, with `/`. */
  readonly file: string
  readonly text: string
}

export interface Position {
  readonly line: number
  readonly column: number
}

/** Where lines begin, so that a thousand places in a file do not mean a thousand walks through it. */
const STARTS = new WeakMap<SourceText, readonly number[]>()

/** Line and column, from 1, of an offset in UTF-16 code units. Lines end with LF, CRLF or CR. O(log lines). */
export function positionAt(source: SourceText, offset: number): Position {
  const starts = lineStarts(source)
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: Math.min(offset, source.text.length) - (starts[low] ?? 0) + 1 }
}

/** The text of a line, from 1, without its end; empty beyond the last one. */
export function lineAt(source: SourceText, line: number): string {
  const starts = lineStarts(source)
  const start = starts[line - 1]
  return start === undefined ? '' : source.text.slice(start, starts[line]).replace(/[\r\n]{1,2}$/, '')
}

export function lineCount(source: SourceText): number {
  return lineStarts(source).length
}

function lineStarts(source: SourceText): readonly number[] {
  const known = STARTS.get(source)
  if (known) return known
  const starts = [0]
  for (const { index, 0: end } of source.text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length)
  STARTS.set(source, starts)
  return starts
}
