import type { EdgeKind } from '../edges.ts'
import type { Id } from '../manifest.ts'

/** `before` comes before `after`; both are indexes into the given nodes. `runBefore` stands at `before`, all others at `after`. */
export interface GraphEdge {
  readonly before: number
  readonly after: number
  readonly kind: EdgeKind
  /** As written; the id of `before` where nothing is written. */
  readonly reference: string
}

/** The fields that name other migrations. */
export type ReferenceField = 'dependsOn' | 'runBefore' | 'parents' | 'conflictsWith' | 'replaces'

interface Written {
  /** Index of the node that says it. */
  readonly node: number
  readonly field: ReferenceField
  readonly reference: string
}

/**
 * What is wrong with a graph, as data. `node` is an index into the given nodes.
 *
 * - `duplicate-id` several nodes have it, or one had it formerly
 * - `malformed-reference` neither `<package>:<name>` nor `<package>@base`
 * - `floating-reference` names a package instead of a migration of it
 * - `bare-reference` a name without its package; `proposal` is the id that it may mean
 * - `absent-package` no migration of that package is here, and the owner does not list it as optional
 * - `replace-conflict` `node` and `other` both replace `reference`, and neither replaces the other
 * - `label-conflict` a label on nodes of which none follows the other inside one package
 * - `unusable-label` a label that a target could not name, because it is a package or has another meaning
 * - `runs-later` see `LaterProblem`
 */
export type GraphProblem =
  | { readonly kind: 'duplicate-id'; readonly id: Id; readonly nodes: readonly number[] }
  | ({ readonly kind: 'self-parent' } & Written)
  | ({ readonly kind: 'self-dependency' } & Written)
  | ({ readonly kind: 'malformed-reference' } & Written)
  | ({ readonly kind: 'floating-reference' } & Written)
  | ({ readonly kind: 'bare-reference'; readonly proposal: Id } & Written)
  | ({ readonly kind: 'missing-migration' } & Written)
  | ({ readonly kind: 'absent-package'; readonly package: string; readonly installed: boolean } & Written)
  | ({ readonly kind: 'missing-parent' } & Written)
  | { readonly kind: 'several-heads'; readonly package: string; readonly heads: readonly number[] }
  | ({ readonly kind: 'conflict'; readonly other: number } & Written)
  | ({ readonly kind: 'replace-conflict'; readonly other: number } & Written)
  | { readonly kind: 'label-conflict'; readonly label: string; readonly nodes: readonly [number, number] }
  | { readonly kind: 'unusable-label'; readonly label: string; readonly node: number }
  | CycleProblem
  | LaterProblem

/** A shortest cycle of a tangle. `through`: what its edges are; `both` where parents and dependencies make it together. */
export interface CycleProblem {
  readonly kind: 'cycle'
  readonly through: 'parents' | 'dependencies' | 'both'
  readonly edges: readonly [GraphEdge, ...GraphEdge[]]
}

/** What comes before, by `edge`, may run later by its `trait`, and what comes after it may not. */
export interface LaterProblem {
  readonly kind: 'runs-later'
  readonly trait: 'deferrable' | 'repeatable'
  readonly edge: GraphEdge
}
