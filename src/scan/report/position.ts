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

/** Line and column, from 1, of an offset in UTF-16 code units. Lines end with LF, CRLF or CR. */
export function positionAt(text: string, offset: number): Position {
  let line = 1
  let start = 0
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) {
    if (index + end.length > offset) break
    line++
    start = index + end.length
  }
  return { line, column: Math.min(offset, text.length) - start + 1 }
}
