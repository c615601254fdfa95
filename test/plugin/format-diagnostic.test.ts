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

it('says what, where, what to do and where to read more, with paths from the application', () => {
  expect(formatDiagnostics([cycle], '/work/app'))
    .toBe(`[MIG_B0101] 2 migrations wait for each other: app:2 → app:1 → app:2.
> 4 | dependsOn: ['app:2']
    |            ^
├▶ fix: Remove one of these edges.
├▶ sources: migrations/1.ts:4:14, ../packages/billing/2.ts:1:1
╰▶ see: docs/errors.md#mig_b0101`)
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
