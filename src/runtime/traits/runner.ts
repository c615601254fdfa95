import type { BoundMigration } from '../binding.ts'
import type { Run } from '../run.ts'
import type { Survey } from '../survey.ts'

/** What the runtime does about migrations that do not run as usual: a manifest with such migrations brings it. */
export interface TraitRunner {
  /** Of a plan. @throws MigrationError `MIG_R0118` where a storage cannot do what a migration asks of it */
  assertCapable(run: Run): void
  /** Whether there may be work although the state is up to date. Throws as `assertCapable` does. */
  needsLogs(run: Run): boolean
  /** What is to run, of what is pending by the logs alone. */
  survey(run: Run, found: Survey): Survey
  /** What of it a check waits for. */
  awaited(run: Run, runnable: readonly BoundMigration[]): Promise<readonly BoundMigration[]>
  /** Runs one migration to its end, with its conditions and steps. */
  run(run: Run, bound: BoundMigration, complete: boolean): Promise<void>
}
