import type { Position } from './position.ts'

/** A minified line is shown in part. */
const WIDTH = 100

/** Three lines around a position, with line numbers and a caret below the place. */
export function frame(text: string, { line, column }: Position): string {
  const lines = text.split(/\r\n|\n|\r/)
  const first = Math.max(1, line - 1)
  const last = Math.min(lines.length, line + 1)
  const digits = String(last).length
  const from = Math.max(0, column - 1 - WIDTH / 2)
  const shown: string[] = []
  for (let number = first; number <= last; number++) {
    const content = (lines[number - 1] ?? '').slice(number === line ? from : 0).slice(0, WIDTH)
    shown.push(`${number === line ? '>' : ' '} ${String(number).padStart(digits)} | ${printable(content)}`.trimEnd())
    if (number !== line) continue
    // Tabs stay tabs, so that the caret stands right at any tab width.
    const indent = (lines[line - 1] ?? '').slice(from, column - 1).replaceAll(/[^\t]/g, ' ')
    shown.push(`  ${' '.repeat(digits)} | ${indent}^`)
  }
  return shown.join('\n')
}

/** A source file must not steer a terminal: control and direction characters are shown as a replacement character. */
function printable(line: string): string {
  // oxlint-disable-next-line no-control-regex
  return line.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\uFFFD')
}
