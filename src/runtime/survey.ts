import { type History, compareHistory } from '../graph/history.ts'
import type { Id } from '../graph/manifest.ts'
import { plainStanding } from '../graph/standing.ts'
import type { BoundMigration } from './binding.ts'
import { isApplied } from './entry-data.ts'
import type { Run } from './run.ts'

export interface Survey {
  readonly history: History
  /** Pending and to be run now, in order. */
  readonly runnable: readonly BoundMigration[]
  /** Pending, but not for this run: held, or after one that is, or left to another run. */
  readonly waiting: readonly BoundMigration[]
  /** Whether running it leaves the storages as this build wants them. */
  readonly complete: boolean
}

/** What the caught-up logs say about the manifest. Changes nothing. */
export function survey(run: Run): Survey {
  const { manifest, migrations, targets, state, options, traits } = run
  const hashOf = (index: number, id: Id): string | null | undefined => {
    const entry = migrations[index]?.committer.standing().get(id)
    return entry && isApplied(entry) ? entry.hash : undefined
  }
  const ids = targets.flatMap((storage) => storage.applied())
  const standingOf = manifest.squashes ?? plainStanding
  const history = compareHistory(manifest, { hashOf, ids, state, targets, options }, standingOf)
  const runnable = history.pending.flatMap((index) => migrations[index] ?? [])
  // A changed hash that a policy let pass is told at every boot, and stops one with a stricter policy.
  const complete = !history.findings.some(({ kind }) => kind === 'changed')
  const found = { history, runnable, waiting: [], complete }
  return traits?.survey(run, found) ?? found
}
