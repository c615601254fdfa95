import { basesAmong, headsAmong } from './closure.ts'
import { type Graph, idAt } from './graph.ts'
import type { Id } from './manifest.ts'
import { onlyOnce } from './repeatables.ts'
import { type Marks, both, positionsIn } from './marks.ts'
import { type Scope, marksOfScope, reachOf, viewOf } from './scope.ts'
import type { Situation } from './situation.ts'

/** What nothing else comes after, of what runs once. In the order of work. */
export function heads(of: Graph | Situation, scope: Scope = 'everything'): readonly Id[] {
  const view = viewOf(of)
  return idsOf(view.graph, headsAmong(view.graph, onlyOnce(view.graph, marksOfScope(view, scope)), reachOf(scope)))
}

/** What comes after nothing else, of what runs once. In the order of work. */
export function bases(of: Graph | Situation, scope: Scope = 'everything'): readonly Id[] {
  const view = viewOf(of)
  return idsOf(view.graph, basesAmong(view.graph, onlyOnce(view.graph, marksOfScope(view, scope)), reachOf(scope)))
}

/**
 * What of the applied nothing else that is applied comes after, of what runs once. A head that another package's `dependsOn` hides shows
 * again when the dependent is taken back, as in Alembic.
 */
export function effectiveHeads(situation: Situation, scope: Scope = 'everything'): readonly Id[] {
  const { graph, applied } = situation
  const marks = onlyOnce(graph, both(applied, marksOfScope(situation, scope)))
  return idsOf(graph, headsAmong(graph, marks, reachOf(scope)))
}

export function idsOf(graph: Graph, marks: Marks): readonly Id[] {
  return positionsIn(marks).map((position) => idAt(graph, position))
}
