import type { Id } from '../graph/manifest.ts'
import { MigrationError } from '../runtime/errors.ts'
import { catchUp } from '../runtime/migrate.ts'
import { record } from '../runtime/record.ts'
import type { Run } from '../runtime/run.ts'
import { readHeads } from './read.ts'
import type { Report } from './report.ts'
import type { Verdict } from './resolve.ts'

/**
 * Of a migration that ran statement by statement and did not come to its end: what became of the statement that is not
 * clear; where all are, of the migration as a whole.
 *
 * @throws MigrationError `MIG_R0125` where that attempt left nothing behind
 */
export async function resolveInterrupted(
  run: Run,
  id: Id,
  verdict: 'applied' | 'not-applied',
  { attempt, reason, who, dryRun = false }: Verdict,
): Promise<Report> {
  await readHeads(run)
  await catchUp(run)
  const { statements } = run
  const bound = run.migrations.find(({ migration }) => migration.id === id)
  const journal = bound && statements?.interrupted(bound)
  if (!bound || !statements || journal?.attempt !== attempt)
    throw new MigrationError('MIG_R0125', `attempt ${attempt} is not in doubt`, { id, attempt })
  const applied = verdict === 'applied'
  if (!dryRun) {
    await statements.resolve(run, bound, attempt, { applied, reason, who: who ?? null })
    // A state that is lost has to begin anew first.
    if (run.state.genesis) await record(run, false)
  }
  const what = journal.unclear ? 'statement' : 'mark'
  return { dryRun, actions: [{ do: what, id, target: bound.committer.name, applied }], findings: [] }
}
