import { branchOf, labelled } from './branch.ts'
import { type Reach, basesAmong, headsAmong } from './closure.ts'
import { type Graph, idAt } from './graph.ts'
import type { Id } from './manifest.ts'
import { type Marks, both, marksOf, marksOfPackage, positionsIn } from './marks.ts'
import type { Situation } from './situation.ts'

/**
 * What a question about heads is about: everything, or one branch. In a branch only edges inside the package count, so
 * that nothing outside hides a head.
 */
export type Scope = 'everything' | { readonly package: string } | { readonly label: string }

/** What nothing else comes after. In the order of work. */
export function heads(graph: Graph, scope: Scope = 'everything'): readonly Id[] {
  return idsOf(graph, headsAmong(graph, marksOfScope(graph, scope), reachOf(scope)))
}

/** What comes after nothing else. In the order of work. */
export function bases(graph: Graph, scope: Scope = 'everything'): readonly Id[] {
  return idsOf(graph, basesAmong(graph, marksOfScope(graph, scope), reachOf(scope)))
}

/**
 * What of the applied nothing else that is applied comes after. A head that another package's `dependsOn` hides shows
 * again when the dependent is taken back, as in Alembic.
 */
export function effectiveHeads({ graph, applied }: Situation, scope: Scope = 'everything'): readonly Id[] {
  return idsOf(graph, headsAmong(graph, both(applied, marksOfScope(graph, scope)), reachOf(scope)))
}

export function marksOfScope(graph: Graph, scope: Scope): Marks {
  if (scope === 'everything') return marksOf(graph, graph.members.keys())
  return 'package' in scope ? marksOfPackage(graph, scope.package) : branchOf(graph, labelled(graph, scope.label))
}

export function reachOf(scope: Scope): Reach {
  return scope === 'everything' ? 'everywhere' : 'inside packages'
}

export function idsOf(graph: Graph, marks: Marks): readonly Id[] {
  return positionsIn(marks).map((position) => idAt(graph, position))
}
