import { type AppliedSet, type History, compareHistory } from '../graph/history.ts'
import type { Id } from '../graph/manifest.ts'
import { plainStanding } from '../graph/standing.ts'
import type { BoundMigration } from './binding.ts'
import { MigrationError } from './errors.ts'
import type { Run } from './run.ts'
import type { Storage } from './storage.ts'

export interface Survey {
  readonly history: History
  /** Pending and to be run now, in order. */
  readonly runnable: readonly BoundMigration[]
  /** Pending, but held, or behind one that is. */
  readonly waiting: readonly BoundMigration[]
}

/** What the caught-up logs say about the manifest. Changes nothing. @throws MigrationError `MIG_R0109` */
export function survey({ manifest, migrations, targets, state, options }: Run): Survey {
  const { tenant = null, unbound = [] } = options
  const gone = state.last?.targets.filter(({ target }) => !targets.some((bound) => bound.target === target)) ?? []
  const recordsOf = (target: string | null): readonly Id[] => [...state.ups(target).keys()]
  const applied: AppliedSet = {
    hashOf(index, id) {
      const committer = migrations[index]?.committer
      return committer?.ups(committer.target).get(id)?.hash
    },
    ids: [
      ...targets.flatMap((storage) => [...storage.ups(storage.target).keys()]),
      ...gone.flatMap(({ name, target }) => (unbound.includes(name) ? recordsOf(target) : [])),
    ],
  }
  const history = compareHistory(manifest, applied, manifest.squashes ?? plainStanding)
  for (const seen of gone) {
    const id = recordsOf(seen.target).find((recorded) => history.replaced.has(recorded))
    if (id !== undefined && seen.tenant === tenant && !unbound.includes(seen.name))
      throw new MigrationError('MIG_R0109', `${id} is applied on "${seen.name}", which is not bound`, { id })
  }
  const runnable: BoundMigration[] = []
  const waiting: BoundMigration[] = []
  const closed = new Set<Storage | number>()
  for (const index of history.pending) {
    const bound = migrations[index]
    if (!bound) continue
    const { parents = [], after = [] } = history.links[index] ?? {}
    const storages = bound.roles.map(({ storage }) => storage)
    const isHeld = bound.migration.held && options.held !== 'run'
    const isOpen = !isHeld && ![...storages, ...parents, ...after].some((one) => closed.has(one))
    if (!isOpen) for (const one of [index, ...storages]) closed.add(one)
    ;(isOpen ? runnable : waiting).push(bound)
  }
  return { history, runnable, waiting }
}
