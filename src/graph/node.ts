import type { Id, Traits } from './manifest.ts'

/** A migration as plain data, before it is ordered. */
export interface GraphNode {
  /** `<package>:<name>` */
  readonly id: Id
  readonly package: string
  /** Position in its package: the order of lines in the lock file, then natural order. Unique in the package. */
  readonly index: number
  /** Ids, or `<package>@base` for the first ones of a package. */
  readonly dependsOn?: readonly Id[]
  readonly runBefore?: readonly Id[]
  /** Ids in the same package. Absent: the node above. Empty: starts a branch. */
  readonly parents?: readonly Id[]
  /** A squash: the ids that it stands for, of any package, other squashes included. They may be gone. */
  readonly replaces?: readonly Id[]
  readonly conflictsWith?: readonly Id[]
  /** Names of the branch that starts here, for `<label>@head`. */
  readonly labels?: readonly string[]
  /** Earlier ids: what they name is this node. */
  readonly formerly?: readonly Id[]
  /**
   * `repeatable: 'onChange'` comes after all of its package that run once, `'always'` after everything; neither is above
   * another. What is `deferrable` is needed by deferrable ones only.
   */
  readonly traits?: Traits
}

/** A package as the graph sees it, whether it brings migrations or only leads to one that does. */
export interface GraphPackage {
  readonly name: string
  /** Names of the packages that it depends on by npm, those that are installed. They rank before it. */
  readonly dependencies: readonly string[]
  /** Names that it lists as optional (dependencies or peers), installed or not. */
  readonly optional: readonly string[]
}
