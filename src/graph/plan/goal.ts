import { withDescendants } from '../closure.ts'
import { type Marks, both, either, marksOf, without } from '../marks.ts'
import { onlyOnce, withNeeded } from '../repeatables.ts'
import type { Situation } from '../situation.ts'
import { resolveTarget } from '../target/resolve.ts'
import { namesOf } from './closed.ts'
import { assertApplied, assertNoAncestor, assertNoContradiction, assertOneDirection } from './refusals.ts'
import type { PlanRequest, Targets } from './request.ts'

/** What is to change, before anything is left out. */
export interface Goal {
  readonly up: Marks
  readonly down: Marks
  /** What was asked for, and not only needed. */
  readonly named: Marks
}

/** @throws PlanError what the request cannot mean */
export function goalOf(situation: Situation, request: PlanRequest): Goal {
  return 'only' in request ? selected(situation, request) : asked(situation, request)
}

function selected(situation: Situation, { direction, only }: PlanRequest & { readonly only: readonly string[] }): Goal {
  const { graph, applied } = situation
  const named = namesOf(situation, only)
  const none = marksOf(graph)
  return direction === 'up'
    ? { up: without(named, applied), down: none, named }
    : { up: none, down: both(named, applied), named }
}

function asked(situation: Situation, { direction, targets: given }: PlanRequest & { readonly targets: Targets }): Goal {
  const { graph, applied } = situation
  const meant = direction === 'up' || direction === 'down' ? direction : 'either'
  const targets = (typeof given === 'string' ? [given] : given).map((text) => {
    const target = resolveTarget(situation, text, meant)
    // What repeats has no way back, and no place on the line that is gone back: it goes with what it depends on only.
    return direction === 'stamp' ? target : { ...target, scope: onlyOnce(graph, target.scope) }
  })
  if (direction === 'stamp') assertNoAncestor(graph, targets)
  if (direction === 'down') assertApplied(situation, targets)
  const none = marksOf(graph)
  const wanted = targets.reduce((all, target) => either(all, target.wanted), none)
  const excess = targets.reduce((all, target) => either(all, without(both(target.scope, applied), target.wanted)), none)
  const needed = withNeeded(situation, wanted)
  const leaving = both(withDescendants(graph, excess), applied)
  const up = direction === 'down' ? none : without(needed, applied)
  const down = direction === 'up' ? none : leaving
  if (direction !== 'up') assertNoContradiction(graph, targets, direction)
  if (direction === 'to') assertOneDirection(graph, up, down)
  return { up, down, named: either(wanted, excess) }
}
