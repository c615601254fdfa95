import type { Scenario } from './scenario.ts'
import { caseOf } from './storages/cases.ts'

/** Every adapter as target, and what takes part in its transactions. */
const TARGETS: readonly (readonly [main: string, extra: string])[] = [
  ['better-sqlite3', 'files'],
  ['pg', 'json-file'],
  ['pglite', 'files'],
  ['mysql2', 'json-file'],
  ['d1', 'files'],
  ['redis', 'files'],
  ['files', 'json-file'],
  ['json-file', 'redis'],
  ['memory', 'files'],
]

/** In the target, in another SQL database, in Redis, in a file. */
const STATES: readonly string[] = ['main', 'better-sqlite3', 'redis', 'json-file']

export const MATRIX: readonly Scenario[] = TARGETS.flatMap(([main, extra]) =>
  STATES.map((state) => ({ main, extra, state })),
)

/** The row of README.md that a scenario is of, and the scenario in words. */
export function nameOf({ main, extra, state }: Scenario): string {
  const inTransactions = state === 'main' ? 'C01' : 'C02'
  const row = caseOf(main).unit === 'transaction' ? inTransactions : 'C05'
  return `${row} ${main} with ${extra}, state in ${state === 'main' ? 'the target' : state}`
}
