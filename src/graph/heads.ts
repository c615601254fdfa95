import { basesAmong, headsAmong } from './closure.ts'
import { type Graph, idAt } from './graph.ts'
import type { Id } from './manifest.ts'
import { type Marks, both, positionsIn } from './marks.ts'
import { type Scope, marksOfScope, reachOf, viewOf } from './scope.ts'
import type { Situation } from './situation.ts'

/** What nothing else comes after. In the order of work. */
export function heads(of: Graph | Situation, scope: Scope = 'everything'): readonly Id[] {
  const view = viewOf(of)
  return idsOf(view.graph, headsAmong(view.graph, marksOfScope(view, scope), reachOf(scope)))
}

/** What comes after nothing else. In the order of work. */
export function bases(of: Graph | Situation, scope: Scope = 'everything'): readonly Id[] {
  const view = viewOf(of)
  return idsOf(view.graph, basesAmong(view.graph, marksOfScope(view, scope), reachOf(scope)))
}

/**
 * What of the applied nothing else that is applied comes after. A head that another package's `dependsOn` hides shows
 * again when the dependent is taken back, as in Alembic.
 */
export function effectiveHeads(situation: Situation, scope: Scope = 'everything'): readonly Id[] {
  const { graph, applied } = situation
  return idsOf(graph, headsAmong(graph, both(applied, marksOfScope(situation, scope)), reachOf(scope)))
}

export function idsOf(graph: Graph, marks: Marks): readonly Id[] {
  return positionsIn(marks).map((position) => idAt(graph, position))
}
