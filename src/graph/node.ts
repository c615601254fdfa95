import type { Id } from './manifest.ts'

/** A migration as the graph sees it. */
export interface GraphNode {
  readonly id: Id
  readonly package: string
  /** Position in its package: the order of lines in the lock file, then natural order. Unique in the package. */
  readonly index: number
  readonly dependsOn: readonly Id[]
  readonly runBefore: readonly Id[]
  /** Ids in the same package. Absent: the node above. Empty: starts a branch. */
  readonly parents?: readonly Id[]
  readonly conflictsWith: readonly Id[]
}

/** A package as the graph sees it, whether it brings migrations or only leads to one that does. */
export interface GraphPackage {
  readonly name: string
  /** Names of the packages that it depends on by npm, those that are installed. */
  readonly dependencies: readonly string[]
  /** Names that it lists as optional (dependencies or peers), installed or not. */
  readonly optional: readonly string[]
}
