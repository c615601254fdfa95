import { type History, compareHistory } from '../graph/history.ts'
import type { Id } from '../graph/manifest.ts'
import { plainStanding } from '../graph/standing.ts'
import type { BoundMigration } from './binding.ts'
import type { Run } from './run.ts'

export interface Survey {
  readonly history: History
  /** Pending and to be run now, in order. */
  readonly runnable: readonly BoundMigration[]
  /** Pending, but held, or after one that is. */
  readonly waiting: readonly BoundMigration[]
}

/** What the caught-up logs say about the manifest. Changes nothing. */
export function survey({ manifest, migrations, targets, state, options }: Run): Survey {
  const hashOf = (index: number, id: Id): string | null | undefined =>
    migrations[index]?.committer.markers.get(id)?.hash
  const ids = targets.flatMap(({ markers }) => [...markers.keys()])
  const standingOf = manifest.squashes ?? plainStanding
  const history = compareHistory(manifest, { hashOf, ids, state, targets, options }, standingOf)
  const pending = history.pending.flatMap((index) => migrations[index] ?? [])
  const held = options.held === 'run' ? -1 : pending.findIndex(({ migration }) => migration.held)
  const end = held < 0 ? pending.length : held
  return { history, runnable: pending.slice(0, end), waiting: pending.slice(end) }
}
