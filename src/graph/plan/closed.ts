import { withDescendants } from '../closure.ts'
import { idsOf } from '../heads.ts'
import { type Marks, both, marksOf, without } from '../marks.ts'
import { withNeeded } from '../repeatables.ts'
import type { Situation } from '../situation.ts'
import { resolveMigration } from '../target/name.ts'
import { PlanError, listIds } from './plan-error.ts'

/** @throws PlanError `MIG_R0401`, `MIG_R0402`, `MIG_R0410` */
export function namesOf(situation: Situation, names: readonly string[]): Marks {
  return marksOf(
    situation.graph,
    names.flatMap((name) => resolveMigration(situation, name)),
  )
}

/**
 * All that a selection going up depends on is applied or selected; all applied ones that depend on a selection going
 * down are selected.
 *
 * @throws PlanError `MIG_R0406` naming what is left out
 */
export function assertClosed(situation: Situation, up: Marks, down: Marks): void {
  const { graph, applied } = situation
  const needed = idsOf(graph, without(without(withNeeded(situation, up), up), applied))
  if (needed.length > 0)
    throw new PlanError('MIG_R0406', `Needed, but left out: ${listIds(needed)}.`, needed, 'select them as well')
  const dependents = idsOf(graph, without(both(withDescendants(graph, down), applied), down))
  if (dependents.length > 0)
    throw new PlanError(
      'MIG_R0406',
      `Left out, but they need what goes: ${listIds(dependents)}.`,
      dependents,
      'select them as well',
    )
}
