import { withDescendants } from '../graph/closure.ts'
import type { KnownId } from '../graph/known-id.ts'
import type { Id } from '../graph/manifest.ts'
import { type Marks, both, positionsIn } from '../graph/marks.ts'
import { namesOf } from '../graph/plan/closed.ts'
import { type GraphPlan, planMigrations } from '../graph/plan/plan.ts'
import type { PlanRequest, Targets } from '../graph/plan/request.ts'
import { type Graph, idAt } from '../graph/graph.ts'
import type { Situation } from '../graph/situation.ts'

/** What a command asks of the planner; `redo` is its own: down and up of the same. */
export type Request = PlanRequest | { readonly direction: 'redo'; readonly targets: Targets }

/** @throws PlanError `MIG_R0401` to `MIG_R0410`, `MIG_R0305` */
export function planRequest(situation: Situation, request: Request): GraphPlan {
  return request.direction === 'redo' ? planRedo(situation, request.targets) : planMigrations(situation, request)
}

/** `-1`, `-2` … as going down, and what has these names with all applied that depends on it. */
function planRedo(situation: Situation, targets: Targets): GraphPlan {
  const { graph, applied } = situation
  const asked = [targets].flat() as readonly KnownId[]
  const steps = asked.filter((text) => /^(.+@)?-\d+$/.test(text))
  const ids = new Set(
    steps.length > 0 ? planMigrations(situation, { direction: 'down', targets: steps }).down.map(({ id }) => id) : [],
  )
  const names = namesOf(
    situation,
    asked.filter((text) => !steps.includes(text)),
  )
  const { down } = planMigrations(situation, {
    direction: 'down',
    only: [...ids, ...idsIn(graph, both(withDescendants(graph, names), applied))],
  })
  const because = new Map(down.map(({ id, because: needs }) => [id, needs]))
  const up = down.toReversed().map((step) => ({ ...step, because: because.get(step.id) ?? null }))
  return { down, up }
}

/** In the order of work. */
export function idsIn(graph: Graph, marks: Marks): readonly Id[] {
  return positionsIn(marks).map((position) => idAt(graph, position))
}
