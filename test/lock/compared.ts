import type { LockableMigration, Review } from '../../src/scan/lock/changes.ts'
import { compareLock } from '../../src/scan/lock/compare.ts'
import type { LockFile } from '../../src/scan/lock/lock-file.ts'
import { hash, lockOf } from './lines.ts'

export function here(id: string, more: Partial<LockableMigration> = {}): LockableMigration {
  const [owner = '', name = ''] = id.split(':')
  const what = { id, package: owner, name, hash: hash(name), version: '2.0.0' }
  return { ...what, edges: [], formerly: [], isRepeatable: false, ...more }
}

interface Given {
  readonly lock: LockFile
  /** Absent: the same as `lock`. */
  readonly committed?: LockFile | readonly LockFile[] | 'no Git'
  readonly migrations: readonly LockableMigration[]
  readonly own?: readonly string[]
  readonly review?: Partial<Review>
  readonly unread?: readonly string[]
}

export interface Compared {
  /** Kind and id, with `!` where it is not applied. */
  readonly changes: readonly string[]
  readonly next: LockFile
  readonly asked: number
}

export function compared({
  lock,
  committed = lock,
  migrations,
  own = ['app'],
  review = {},
  unread = [],
}: Given): Compared {
  let asked = 0
  const { next, changes } = compareLock({
    lock,
    committed() {
      asked++
      return committed === 'no Git' ? undefined : [committed].flat()
    },
    migrations,
    isUnread: (_, id) => unread.includes(id),
    own: new Set(own),
    review: { isReviewed: false, accepted: new Set(), ...review },
  })
  return { changes: changes.map(({ kind, id, isApplied }) => `${isApplied ? '' : '!'}${kind} ${id}`), next, asked }
}

export const namesOf = ({ next }: Compared, owner = 'app'): readonly string[] =>
  next.packages.find(({ name }) => name === owner)?.lines.map(({ name }) => name) ?? []
export const nothing = lockOf({})
export const accept = (...ids: readonly string[]): { review: Partial<Review> } => ({
  review: { accepted: new Set(ids) },
})
