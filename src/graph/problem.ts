import type { Id } from './manifest.ts'

/** Why one migration comes before another. `above`: the node above in the package. */
export type EdgeKind = 'parents' | 'dependsOn' | 'runBefore' | 'above'

/** `before` comes before `after`; both are indexes into the given nodes. `runBefore` stands at `before`, all others at `after`. */
export interface GraphEdge {
  readonly before: number
  readonly after: number
  readonly kind: EdgeKind
  /** As written; the id of `before` where nothing is written. */
  readonly reference: string
}

/** The fields that name other migrations. */
export type ReferenceField = 'dependsOn' | 'runBefore' | 'parents' | 'conflictsWith'

interface Written {
  /** Index of the node that says it. */
  readonly node: number
  readonly field: ReferenceField
  readonly reference: string
}

/**
 * What is wrong with a graph, as data. `node` is an index into the given nodes.
 *
 * - `malformed-reference` neither `<package>:<name>` nor `<package>@base`
 * - `floating-reference` names a package instead of a migration of it
 * - `bare-reference` a name without its package; `proposal` is the id that it may mean
 * - `absent-package` no migration of that package is here, and the owner does not list it as optional
 */
export type GraphProblem =
  | { readonly kind: 'duplicate-id'; readonly id: Id; readonly nodes: readonly number[] }
  | ({ readonly kind: 'self-dependency' } & Written)
  | ({ readonly kind: 'malformed-reference' } & Written)
  | ({ readonly kind: 'floating-reference' } & Written)
  | ({ readonly kind: 'bare-reference'; readonly proposal: Id } & Written)
  | ({ readonly kind: 'missing-migration' } & Written)
  | ({ readonly kind: 'absent-package'; readonly package: string; readonly installed: boolean } & Written)
  | ({ readonly kind: 'missing-parent' } & Written)
  | { readonly kind: 'several-heads'; readonly package: string; readonly heads: readonly number[] }
  | ({ readonly kind: 'conflict'; readonly other: number } & Written)
  | { readonly kind: 'cycle'; readonly edges: readonly [GraphEdge, ...GraphEdge[]] }
