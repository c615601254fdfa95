import type { Id } from '../../graph/manifest.ts'
import type { LockFile, LockedEdge, LockedLine } from './lock-file.ts'

/** A migration as the lock file sees it. */
export interface LockableMigration {
  readonly id: Id
  readonly package: string
  readonly name: string
  readonly hash: string
  readonly version: string
  readonly edges: readonly LockedEdge[]
  /** Earlier ids. */
  readonly formerly: readonly Id[]
  readonly isRepeatable: boolean
}

/**
 * How the migrations that are there differ from the lock file.
 *
 * A draft that went is `dropped`. Of the application and of linked packages these are free too: `added` and `rewritten`
 * drafts, `revised` of what is repeatable, `renamed`, and `refreshed` for what only orders. Of installed packages somebody
 * reviews them. The others are an error until they are accepted:
 *
 * - `late` a draft whose name comes before that of a committed line
 * - `changed` a committed migration, or one of an installed package, has another hash
 * - `reordered` it gained or lost a declared edge
 * - `removed` it is not there any more
 * - `returned` it is there again, though its line is retired
 */
export interface Change {
  readonly kind: FreeChange | GuardedChange
  readonly id: Id
  readonly package: string
  /** Of the application or a linked package. */
  readonly isOwn: boolean
  /** Whether the next lock file holds it. */
  readonly isApplied: boolean
  readonly migration?: LockableMigration
  readonly line?: LockedLine
  /** `late`: the committed line that it would come before. */
  readonly before?: string
  /** `changed` and `reordered`: that of an installed package is guarded from its review on. */
  readonly isCommitted?: boolean
}

export type FreeChange = 'added' | 'rewritten' | 'dropped' | 'revised' | 'renamed' | 'refreshed'
export type GuardedChange = 'late' | 'changed' | 'reordered' | 'removed' | 'returned'

/** What decides which changes the next lock file holds. */
export interface Review {
  /** Whether changes of installed packages are accepted: there is no lock file yet, or the command `lock` was given. */
  readonly isReviewed: boolean
  /** Ids, and names of packages, whose changes are accepted whatever they are. */
  readonly accepted: ReadonlySet<string>
}

/** The lock file as it would be, and why. */
export interface Comparison {
  readonly next: LockFile
  readonly changes: readonly Change[]
}
