import type { BuildCode } from '../../diagnostics/build.ts'
import type { SourceText } from '../report/position.ts'
import { type Report, sourceAt } from '../report/report.ts'
import type { LockProblem } from './parse.ts'

const CODES: Readonly<Record<LockProblem['kind'], BuildCode>> = {
  newer: 'MIG_B0501',
  conflict: 'MIG_B0502',
  malformed: 'MIG_B0503',
  twice: 'MIG_B0503',
  digest: 'MIG_B0504',
}
const FIXES: Readonly<Record<LockProblem['kind'], string>> = {
  newer: 'Update unplugin-migrations to the version that wrote it.',
  conflict: 'Run: npx unplugin-migrations lock',
  malformed: 'Take the file back from Git and run: npx unplugin-migrations lock',
  twice: 'Remove one of the two, then run: npx unplugin-migrations lock',
  digest: 'Look at what changed in these lines, then run: npx unplugin-migrations lock',
}
/** Nobody reads more of a file that is something else. */
const MOST = 20

/** Reports what is wrong with the text of a lock file. */
export function reportProblems(source: SourceText, problems: readonly LockProblem[], report: Report): void {
  for (const { kind, line, what } of problems.slice(0, MOST))
    report.error(CODES[kind], {
      message: `migrations.lock, line ${line}: ${what}.`,
      fix: FIXES[kind],
      sources: [sourceAt(source, offsetOfLine(source.text, line))],
    })
}

/** @param line from 1 */
export function offsetOfLine(text: string, line: number): number {
  let offset = 0
  for (let passed = 1; passed < line; passed++) offset = text.indexOf('\n', offset) + 1
  return offset
}
