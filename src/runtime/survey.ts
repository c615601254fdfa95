import { type AppliedSet, type History, compareHistory } from '../graph/history.ts'
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
  const applied: AppliedSet = {
    hashOf(index, id) {
      return migrations[index]?.committer.markers.get(id)?.hash
    },
    ids: targets.flatMap(({ markers }) => [...markers.keys()]),
    unbound() {
      const { tenant = null, unbound = [] } = options
      const seen = state.last?.targets.filter((known) => known.tenant === tenant) ?? []
      return seen.flatMap(({ name, target }) => {
        if (targets.some((bound) => bound.target === target)) return []
        return [{ storage: name, ids: state.ups(target).keys(), isNamed: unbound.includes(name) }]
      })
    },
  }
  const history = compareHistory(manifest, applied, manifest.squashes ?? plainStanding)
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
