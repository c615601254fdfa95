import { lineAt, lineCount, type Position, type SourceText } from './position.ts'

/** A minified line is shown in part. */
const WIDTH = 100

/** Three lines around a position, with line numbers and a caret below the place. */
export function frame(source: SourceText, { line, column }: Position): string {
  const first = Math.max(1, line - 1)
  const last = Math.min(lineCount(source), line + 1)
  const digits = String(last).length
  const from = Math.max(0, column - 1 - WIDTH / 2)
  const shown: string[] = []
  for (let number = first; number <= last; number++) {
    const whole = lineAt(source, number)
    const content = whole.slice(number === line ? from : 0).slice(0, WIDTH)
    shown.push(`${number === line ? '>' : ' '} ${String(number).padStart(digits)} | ${printable(content)}`.trimEnd())
    if (number !== line) continue
    // Tabs stay tabs, so that the caret stands right at any tab width.
    const indent = whole.slice(from, column - 1).replaceAll(/[^\t]/g, ' ')
    shown.push(`  ${' '.repeat(digits)} | ${indent}^`)
  }
  return shown.join('\n')
}

/**
 * A source file must not steer a terminal, or hide what it says: what is not seen is shown as a replacement character,
 * one for each code unit, so that columns stay.
 */
export function printable(line: string): string {
  return line.replaceAll(/(?!\t)[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (hidden) => '\uFFFD'.repeat(hidden.length))
}
