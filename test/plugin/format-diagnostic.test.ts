import { expect, it } from 'vitest'
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { formatDiagnostics, formatWarning } from '../../src/scan/report/format-diagnostic.ts'

const cycle: Diagnostic = {
  code: 'MIG_B0101',
  severity: 'error',
  message: '2 migrations wait for each other: app:2 → app:1 → app:2.',
  fix: 'Remove one of these edges.',
  sources: [
    { file: '/work/app/migrations/1.ts', line: 4, column: 14, frame: "> 4 | dependsOn: ['app:2']\n    |            ^" },
    { file: '/work/packages/billing/2.ts', line: 1, column: 1 },
  ],
}
const absent: Diagnostic = {
  code: 'MIG_B0213',
  severity: 'warning',
  message: 'No migrations.',
  fix: 'Add one.',
  sources: [],
}

const place = { file: '/work/app/a.ts', line: 1, column: 1 }

it('says what, where, what to do and where to read more, with paths from the application', () => {
  expect(formatDiagnostics([cycle], '/work/app'))
    .toBe(`[MIG_B0101] 2 migrations wait for each other: app:2 → app:1 → app:2.
> 4 | dependsOn: ['app:2']
    |            ^
├▶ fix: Remove one of these edges.
├▶ sources: migrations/1.ts:4:14, ../packages/billing/2.ts:1:1
╰▶ see: unplugin-migrations/docs/errors.md#mig_b0101`)
})

it('leaves the frame of a single one to a host that shows it, and keeps those of several', () => {
  expect(formatDiagnostics([cycle], '/work/app', 'several')).not.toContain('> 4 |')
  const both = formatDiagnostics([cycle, cycle], '/work/app', 'several')
  expect(both.match(/> 4 \|/g)).toHaveLength(2)
  expect(both.split('\n\n')).toHaveLength(2)
})

it('is one line for a warning without code to show', () => {
  expect(formatWarning(absent, '/work/app')).toBe('[MIG_B0213] No migrations. Add one.')
  const source = { file: '/work/app/package.json', line: 1, column: 1 }
  expect(formatWarning({ ...absent, sources: [source] }, '/work/app')).toBe(
    '[MIG_B0213] No migrations. Add one. (package.json:1:1)',
  )
  expect(formatWarning({ ...cycle, severity: 'warning' }, '/work/app')).toContain('> 4 |')
})

it('never lets what it quotes steer a terminal, or pass for another problem', () => {
  const message = 'The label "\u001b]0;owned\u0007\u202egnp.js\n[MIG_B0000] Run this." is unknown.'
  const text = formatDiagnostics(
    [{ ...absent, message, fix: '\u009b31m', sources: [{ ...place, file: '/work/app/\u001b[2J' }] }],
    '/work/app',
  )
  // oxlint-disable-next-line no-control-regex
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
  expect(text.split('\n')).toHaveLength(4)
  expect(text).toContain(String.raw`"\u{1b}]0;owned\u{7}\u{202e}gnp.js\n[MIG_B0000] Run this."`)
})

it('cuts texts, places and problems that nobody would read to their end', () => {
  const sources = Array.from({ length: 5000 }, () => place)
  const long = formatDiagnostics([{ ...absent, message: 'x'.repeat(1_000_000), sources }], '/work/app')
  expect(long.length).toBeLessThan(3000)
  expect(long).toContain('… (1000000 characters)')
  expect(long).toMatch(/a\.ts:1:1, 4990 more\n/)
  const many = formatDiagnostics(
    Array.from({ length: 5000 }, () => absent),
    '/work/app',
  )
  expect(many.match(/\[MIG_B0213\]/g)).toHaveLength(100)
  expect(many.endsWith('… and 4900 more: mend these first.')).toBe(true)
})
