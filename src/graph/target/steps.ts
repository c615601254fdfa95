import { basesAmong, headsAmong } from '../closure.ts'
import { parentsInPackage } from '../branch.ts'
import { type Graph, idAt } from '../graph.ts'
import { type Marks, both, marksOf, positionsIn, without } from '../marks.ts'
import { PlanError, listIds } from '../plan/plan-error.ts'
import { isRepeatable, onlyOnce } from '../repeatables.ts'

/**
 * Where steps from the applied ones lead. A step up applies the one migration of the scope that may come next; a step
 * down takes back the one head of the scope. What repeats is no step.
 *
 * @param text The target, for messages.
 * @param applied Those of the scope.
 * @throws PlanError `MIG_R0403`, `MIG_R0404`
 */
export function stepFrontier(graph: Graph, text: string, steps: number, scope: Marks, applied: Marks): Marks {
  const line = onlyOnce(graph, scope)
  const wanted = applied.slice()
  for (let step = 0; step < Math.abs(steps); step++) {
    const next = steps > 0 ? basesAmong(graph, without(line, wanted)) : headsAmong(graph, both(wanted, line))
    wanted[only(graph, text, positionsIn(next), step)] = steps > 0 ? 1 : 0
  }
  return wanted
}

/** Where a walk ends: at a migration, or before one that is the first of its package. */
export interface WalkEnd {
  readonly is: 'at' | 'before'
  readonly position: number
}

/**
 * Where steps inside a package lead from one migration.
 *
 * @throws PlanError `MIG_R0403`, `MIG_R0404`
 */
export function walk(graph: Graph, text: string, start: number, steps: number): WalkEnd {
  let position = start
  for (let step = 0; step < Math.abs(steps); step++) {
    const next = steps > 0 ? childrenOf(graph, position) : parentsOf(graph, position)
    if (steps < 0 && next.length === 0 && step === -steps - 1) return { is: 'before', position }
    position = only(graph, text, next, step)
  }
  return { is: 'at', position }
}

function only(graph: Graph, text: string, next: readonly number[], step: number): number {
  const [first, ...others] = next
  if (first === undefined) {
    const left = step === 1 ? 'one step' : `${step} steps`
    throw new PlanError(
      'MIG_R0404',
      `"${text}" asks for more steps than there are: ${left}.`,
      [],
      'ask for fewer steps',
    )
  }
  if (others.length === 0) return first
  const ids = next.map((position) => idAt(graph, position))
  throw new PlanError(
    'MIG_R0403',
    `"${text}" is ambiguous: step ${step + 1} may go to ${listIds(ids)}.`,
    ids,
    'name the package, the label or the id to go to',
  )
}

/** Direct ones that come before no other direct one. */
function parentsOf(graph: Graph, position: number): readonly number[] {
  const parents = onlyOnce(graph, marksOf(graph, parentsInPackage(graph, position)))
  return positionsIn(headsAmong(graph, parents, 'inside packages'))
}

/** Direct ones that come after no other direct one. */
function childrenOf(graph: Graph, position: number): readonly number[] {
  const direct = [...graph.members.keys()].filter(
    (child) => !isRepeatable(graph.members[child]) && parentsInPackage(graph, child).includes(position),
  )
  return positionsIn(basesAmong(graph, marksOf(graph, direct), 'inside packages'))
}
