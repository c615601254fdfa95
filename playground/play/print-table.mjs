import { paint } from './report.mjs'

const WIDEST = 34

/**
 * Prints rows under their columns; long values are cut in the middle.
 * @param {string} title
 * @param {readonly Readonly<Record<string, unknown>>[]} rows
 * @param {readonly string[]} [types] Of the columns.
 */
export function printTable(title, rows, types = []) {
  const columns = Object.keys(rows[0] ?? {})
  const cells = rows.map((row) => columns.map((column) => cut(row[column])))
  const lines = [columns, types, ...cells]
  const widths = columns.map((_, k) => Math.max(...lines.map((row) => row[k]?.length ?? 0)))
  /** @param {readonly string[]} row */
  const line = (row) =>
    row
      .map((cell, k) => cell.padEnd(widths[k] ?? 0))
      .join('  ')
      .trimEnd()

  console.log(`\n  ${paint('bold', title)} ${paint('dim', `${rows.length} rows`)}`)
  if (rows.length === 0) return
  console.log(`  ${paint('underline', line(columns))}`)
  if (types.length > 0) console.log(`  ${paint('dim', line(types))}`)
  for (const row of cells) console.log(`  ${line(row)}`)
}

/** @param {unknown} value */
function cut(value) {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
  if (text.length <= WIDEST) return text
  const half = Math.floor((WIDEST - 1) / 2)
  return `${text.slice(0, half)}…${text.slice(-half)}`
}
