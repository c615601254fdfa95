import { withDescendants } from '../graph/closure.ts'
import { type Graph, idAt } from '../graph/graph.ts'
import type { Id } from '../graph/manifest.ts'
import { type Marks, both, marksOf, without } from '../graph/marks.ts'
import { type GraphPlan, planMigrations } from '../graph/plan/plan.ts'
import { withNeeded } from '../graph/repeatables.ts'
import type { Situation } from '../graph/situation.ts'
import { idsOf } from '../runtime/run.ts'
import type { Action } from './report.ts'
import { idsIn } from './request.ts'

/**
 * What is left of a plan that has begun. It is ended as it was planned: a target like `-1` would mean the next one by
 * now. What others do to the part that is done is theirs.
 */
export class Rest {
  readonly #down: Set<Id>
  readonly #up: Set<Id>
  readonly #isRedo: boolean

  /** @param isRedo whether what goes is to come again */
  constructor({ down, up }: GraphPlan, isRedo: boolean) {
    this.#down = new Set(idsOf(down))
    this.#up = new Set(idsOf(up))
    this.#isRedo = isRedo
  }

  /** Takes note of what was done. */
  without(actions: readonly Action[]): void {
    for (const action of actions) {
      if (action.do === 'down') this.#down.delete(action.id)
      if (action.do === 'up') this.#up.delete(action.id)
    }
  }

  /** With what others have applied on top of it, or taken back below. @throws PlanError */
  plan(situation: Situation): GraphPlan {
    const { graph, applied } = situation
    const going = both(withDescendants(graph, marksIn(graph, this.#down)), applied)
    const goingIds = idsIn(graph, going)
    if (this.#isRedo) for (const id of goingIds) this.#up.add(id)
    // As it will be when all that goes is gone.
    const after = { ...situation, applied: without(applied, going) }
    const coming = without(withNeeded(after, marksIn(graph, this.#up)), after.applied)
    const { down } = planMigrations(situation, { direction: 'down', only: goingIds })
    return { down, up: planMigrations(after, { direction: 'up', only: idsIn(graph, coming) }).up }
  }
}

function marksIn(graph: Graph, ids: ReadonlySet<Id>): Marks {
  return marksOf(
    graph,
    [...graph.members.keys()].filter((position) => ids.has(idAt(graph, position))),
  )
}
