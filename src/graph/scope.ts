import { branchOf, labelled } from './branch.ts'
import type { Reach } from './closure.ts'
import type { Graph } from './graph.ts'
import { type Marks, both, marksOf, marksOfPackage } from './marks.ts'
import type { Situation } from './situation.ts'
import { standIns } from './stand-in.ts'

/**
 * What a question is about: everything, or one branch. In a branch only edges inside the package count, so that nothing
 * outside hides a head.
 */
export type Scope = 'everything' | { readonly package: string } | { readonly label: string }

/** A graph as it is, or as one set of applied migrations sees it. */
export type View = Pick<Situation, 'graph' | 'active' | 'instead'>

export function viewOf(of: Graph | Situation): View {
  return 'active' in of ? of : { graph: of, active: marksOf(of, of.members.keys()), instead: new Map() }
}

/** What of a view is in a scope. A label on a migration that is not active counts for what takes its place. */
export function marksOfScope(view: View, scope: Scope): Marks {
  const { graph, active } = view
  if (scope === 'everything') return active
  if ('package' in scope) return both(marksOfPackage(graph, scope.package), active)
  const carriers = new Set(labelled(graph, scope.label).flatMap((position) => standIns(view, position)))
  return branchOf(
    graph,
    [...carriers].toSorted((a, b) => a - b),
  )
}

export function reachOf(scope: Scope): Reach {
  return scope === 'everything' ? 'everywhere' : 'inside packages'
}
