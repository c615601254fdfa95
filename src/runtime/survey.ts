import { type History, compareHistory } from '../graph/history.ts'
import type { Id } from '../graph/manifest.ts'
import { plainStanding } from '../graph/standing.ts'
import type { BoundMigration } from './binding.ts'
import type { Run } from './run.ts'
import type { Storage } from './storage.ts'

export interface Survey {
  readonly history: History
  /** Pending and to be run now, in order. */
  readonly runnable: readonly BoundMigration[]
  /** Pending, but held, or behind one that is. */
  readonly waiting: readonly BoundMigration[]
}

/** What the caught-up logs say about the manifest. Changes nothing. */
export function survey({ manifest, migrations, targets, state, options }: Run): Survey {
  const hashOf = (index: number, id: Id): string | null | undefined =>
    migrations[index]?.committer.markers.get(id)?.hash
  const ids = targets.flatMap(({ markers }) => [...markers.keys()])
  const standingOf = manifest.squashes ?? plainStanding
  const history = compareHistory(manifest, { hashOf, ids, state, targets, options }, standingOf)
  const runnable: BoundMigration[] = []
  const waiting: BoundMigration[] = []
  const closed = new Set<Storage | number>()
  for (const index of history.pending) {
    const bound = migrations[index]
    if (!bound) continue
    const { parents = [], after = [] } = history.links[index] ?? {}
    const isHeld = bound.migration.held && options.held !== 'run'
    const isOpen = !isHeld && ![...bound.storages, ...parents, ...after].some((one) => closed.has(one))
    if (!isOpen) for (const one of [index, ...bound.storages]) closed.add(one)
    ;(isOpen ? runnable : waiting).push(bound)
  }
  return { history, runnable, waiting }
}
