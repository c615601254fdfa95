import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EDGE_KINDS } from '../../src/graph/edges.ts'
import { explain } from '../../src/graph/explain.ts'
import type { Id } from '../../src/graph/manifest.ts'
import type { GraphNode } from '../../src/graph/node.ts'
import { type GraphPlan, planMigrations } from '../../src/graph/plan/plan.ts'
import { PlanError } from '../../src/graph/plan/plan-error.ts'
import type { PlanRequest } from '../../src/graph/plan/request.ts'
import { ancestors, descendants } from '../../src/graph/relatives.ts'
import { situationOf } from '../../src/graph/situation.ts'
import { closedSets, directlyBefore, graphWith, mustComeBefore, plainNodes } from './cases.ts'

interface Case {
  readonly nodes: readonly GraphNode[]
  readonly applied: ReadonlySet<Id>
  readonly chosen: readonly Id[]
}

/** `any`: also histories in which a migration is applied before what it needs. */
const casesWith = (history: 'closed' | 'any'): fc.Arbitrary<Case> =>
  plainNodes.chain((nodes) =>
    fc.record({
      nodes: fc.constant(nodes),
      applied:
        history === 'closed' ? closedSets(nodes) : fc.subarray(nodes.map(({ id }) => id)).map((ids) => new Set(ids)),
      chosen: fc.subarray(
        nodes.map(({ id }) => id),
        { minLength: 1 },
      ),
    }),
  )

const cases = casesWith('closed')

/** Everything that can be asked of a case: a test over them all misses no kind of target. */
const requestsOf = (history: 'closed' | 'any'): fc.Arbitrary<Case & { readonly request: PlanRequest }> =>
  casesWith(history).chain((drawn) => {
    const ids = drawn.nodes.map(({ id }) => id)
    const owners = [...new Set(drawn.nodes.map((node) => node.package))]
    const labels = drawn.nodes.flatMap((node) => node.labels ?? [])
    const step = fc.integer({ min: 1, max: 3 }).chain((steps) => fc.constantFrom(`+${steps}`, `-${steps}`))
    const target = fc.oneof(
      fc.constantFrom('heads', 'base', ...ids, ...owners),
      fc.constantFrom(...owners, ...labels).chain((branch) => fc.constantFrom(`${branch}@head`, `${branch}@base`)),
      step,
      fc.tuple(fc.constantFrom(...owners, ...labels), step).map(([branch, steps]) => `${branch}@${steps}`),
      fc.tuple(fc.constantFrom(...ids), step).map(([id, steps]) => `${id}${steps}`),
    )
    const direction = fc.constantFrom('up' as const, 'down' as const, 'to' as const, 'mixed' as const)
    const request = fc.oneof(
      fc.record({ direction, targets: fc.array(target, { minLength: 1, maxLength: 2 }) }),
      fc.record({ direction, targets: target, skip: fc.subarray(ids, { maxLength: Math.min(2, ids.length) }) }),
      fc.record({ direction: fc.constantFrom('up' as const, 'down' as const), only: fc.subarray(ids) }),
      fc.record({
        direction: fc.constant('stamp' as const),
        targets: fc.array(target, { minLength: 1, maxLength: 2 }),
      }),
    )
    return request.map((each) => ({ ...drawn, request: each }))
  })

const requests = requestsOf('closed')

const idsOf = (steps: readonly { readonly id: Id }[]): readonly Id[] => steps.map(({ id }) => id)

/** The set after a plan. Fails where a step meets a set that it does not fit. */
function carryOut(nodes: readonly GraphNode[], applied: ReadonlySet<Id>, { down, up }: GraphPlan): ReadonlySet<Id> {
  const after = new Set(applied)
  for (const { id } of down) {
    for (const other of after) expect(directlyBefore(nodes, other)).not.toContain(id)
    expect(after.delete(id)).toBe(true)
  }
  for (const { id } of up) {
    for (const before of directlyBefore(nodes, id)) expect(after).toContain(before)
    expect(after).not.toContain(id)
    after.add(id)
  }
  return after
}

/** The plan, or the code of what refuses it. */
function planned({ nodes, applied }: Case, request: PlanRequest): GraphPlan | string {
  try {
    return planMigrations(situationOf(graphWith(nodes), applied), request)
  } catch (error) {
    if (error instanceof PlanError) return error.code
    throw error
  }
}

describe('every plan', () => {
  it('can be carried out step by step, and contains nothing that is done already', () => {
    const outcomes = new Map<string, number>()
    fc.assert(
      fc.property(fc.oneof(requests, requestsOf('any')), (drawn) => {
        const plan = planned(drawn, drawn.request)
        const outcome = typeof plan === 'string' ? plan : 'planned'
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
        if (typeof plan === 'string') return
        carryOut(drawn.nodes, drawn.applied, plan)
        const { direction } = drawn.request
        if (direction === 'up') expect(plan.down).toEqual([])
        if (direction === 'down') expect(plan.up).toEqual([])
        if (direction === 'to') expect(Math.min(plan.up.length, plan.down.length)).toBe(0)
      }),
      { numRuns: 1_000 },
    )
    expect(outcomes.get('planned')).toBeGreaterThan(300)
    for (const code of ['MIG_R0403', 'MIG_R0404', 'MIG_R0405', 'MIG_R0406', 'MIG_R0408'])
      expect(outcomes.get(code), code).toBeGreaterThan(0)
  })

  it('followed by its reverse is the identity', () => {
    fc.assert(
      fc.property(requests, (drawn) => {
        const { nodes, applied, request } = drawn
        const plan = planned(drawn, request)
        if (typeof plan === 'string' || (plan.up.length > 0 && plan.down.length > 0)) return
        const after = carryOut(nodes, applied, plan)
        const [back, only] = plan.up.length > 0 ? (['down', plan.up] as const) : (['up', plan.down] as const)
        const reverse = planned({ ...drawn, applied: after }, { direction: back, only: idsOf(only) })
        if (typeof reverse === 'string') throw new Error(reverse)
        expect(carryOut(nodes, after, reverse)).toEqual(new Set(applied))
        expect(idsOf([...reverse.down, ...reverse.up])).toEqual(idsOf([...plan.down, ...plan.up]).toReversed())
      }),
      { numRuns: 500 },
    )
  })

  it('is empty where it was carried out already', () => {
    fc.assert(
      fc.property(requests, (drawn) => {
        const { nodes, applied, request } = drawn
        const isRelative = 'targets' in request && [request.targets].flat().some((text) => /^(.*@)?[+-]\d$/.test(text))
        const plan = planned(drawn, request)
        if (typeof plan === 'string' || isRelative) return
        const after = carryOut(nodes, applied, plan)
        expect(planned({ ...drawn, applied: after }, request)).toEqual({ down: [], up: [] })
      }),
      { numRuns: 500 },
    )
  })

  it('says of each step why it is there', () => {
    fc.assert(
      fc.property(requests, (drawn) => {
        const plan = planned(drawn, drawn.request)
        if (typeof plan === 'string') return
        for (const { id, because } of plan.up)
          if (because !== null) expect(directlyBefore(drawn.nodes, because)).toContain(id)
        for (const { id, because } of plan.down)
          if (because !== null) expect(directlyBefore(drawn.nodes, id)).toContain(because)
      }),
    )
  })
})

describe('a plan up to an id', () => {
  it('is its closure and nothing else', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { nodes, applied, chosen } = drawn
        const plan = planned(drawn, { direction: 'up', targets: chosen })
        if (typeof plan === 'string') throw new Error(plan)
        const closure = new Set(chosen.flatMap((id) => [id, ...mustComeBefore(nodes, id)]))
        expect(new Set(idsOf(plan.up))).toEqual(new Set([...closure].filter((id) => !applied.has(id))))
      }),
    )
  })
})

describe('a plan down to an id', () => {
  it('takes back what follows in its package and what needs that, and leaves the rest in place', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { nodes, applied, chosen } = drawn
        const [id = ''] = chosen
        const plan = planned(drawn, { direction: 'down', targets: id })
        if (!applied.has(id) || typeof plan === 'string') {
          expect(plan).toBe(applied.has(id) ? 'a plan' : 'MIG_R0408')
          return
        }
        const owner = nodes.find((node) => node.id === id)?.package
        const inside = nodes.filter((node) => node.package === owner)
        const follows = (other: Id): boolean => mustComeBefore(inside, other).has(id)
        const roots = inside.filter((node) => applied.has(node.id) && follows(node.id)).map((node) => node.id)
        const goes = [...applied].filter(
          (other) => roots.includes(other) || roots.some((root) => mustComeBefore(nodes, other).has(root)),
        )
        expect(new Set(idsOf(plan.down))).toEqual(new Set(goes))
      }),
    )
  })
})

describe('a branch that goes down', () => {
  it('takes back itself and what needs it, and leaves its trunk and its siblings alone', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const { nodes, applied, chosen } = drawn
        const start = nodes.find(({ id }) => id === chosen[0])
        if (!start) throw new Error('none')
        const inside = nodes.filter((node) => node.package === start.package)
        // An edge beside a longer way is neither a fork nor a merge.
        const isBefore = (one: Id, other: Id): boolean => mustComeBefore(inside, other).has(one)
        const parentsOf = (id: Id): readonly Id[] => {
          const all = directlyBefore(inside, id).filter((parent) => inside.some((node) => node.id === parent))
          return all.filter((parent) => !all.some((other) => isBefore(parent, other)))
        }
        const childrenOf = (id: Id): readonly Id[] =>
          inside.filter((node) => parentsOf(node.id).includes(id)).map((node) => node.id)
        let root = start.id
        for (;;) {
          const [parent, ...others] = new Set(parentsOf(root))
          if (parent === undefined || others.length > 0 || childrenOf(parent).length > 1) break
          root = parent
        }
        const plan = planned(drawn, { direction: 'down', targets: `${start.labels?.[0]}@base` })
        if (typeof plan === 'string') throw new Error(plan)
        const branch = inside
          .filter(({ id }) => id === root || mustComeBefore(inside, id).has(root))
          .map(({ id }) => id)
        const needs = (id: Id): boolean =>
          branch.some((gone) => applied.has(gone) && mustComeBefore(nodes, id).has(gone))
        const goes = [...applied].filter((id) => branch.includes(id) || needs(id))
        expect(new Set(idsOf(plan.down))).toEqual(new Set(goes))
      }),
    )
  })
})

describe('a selection', () => {
  it('passes exactly when it is closed', () => {
    fc.assert(
      fc.property(cases, fc.constantFrom('up' as const, 'down' as const), (drawn, direction) => {
        const { nodes, applied, chosen } = drawn
        const own = chosen.filter((id) => applied.has(id) === (direction === 'down'))
        const isDone = (id: Id): boolean => applied.has(id) || own.includes(id)
        const left =
          direction === 'up'
            ? own.flatMap((id) => [...mustComeBefore(nodes, id)]).filter((id) => !isDone(id))
            : [...applied].filter((id) => !own.includes(id) && own.some((gone) => mustComeBefore(nodes, id).has(gone)))
        const plan = planned(drawn, { direction, only: chosen })
        if (left.length > 0 || typeof plan === 'string') {
          expect(plan).toBe(left.length > 0 ? 'MIG_R0406' : 'a plan')
          return
        }
        expect(new Set(idsOf([...plan.down, ...plan.up]))).toEqual(new Set(own))
      }),
    )
  })
})

describe('questions', () => {
  it('ancestors and descendants are what a walk finds', () => {
    fc.assert(
      fc.property(cases, ({ nodes, chosen: [id = ''] }) => {
        const graph = graphWith(nodes)
        expect(new Set(ancestors(graph, id))).toEqual(mustComeBefore(nodes, id))
        const after = nodes.filter((node) => mustComeBefore(nodes, node.id).has(id)).map((node) => node.id)
        expect(new Set(descendants(graph, id))).toEqual(new Set(after))
      }),
    )
  })

  it('explain names real edges, from a migration that waits for nothing to the one that was asked for', () => {
    fc.assert(
      fc.property(cases, ({ nodes, chosen: [id = ''] }) => {
        const graph = graphWith(nodes)
        const order = idsOf(graph.members)
        const explanation = explain(graph, id)
        if (!explanation) throw new Error(id)
        expect(order[explanation.position]).toBe(id)
        for (const [index, { before, after, kind }] of explanation.chain.entries()) {
          expect(directlyBefore(nodes, after)).toContain(before)
          expect(EDGE_KINDS).toContain(kind)
          expect(after).toBe(explanation.chain[index + 1]?.before ?? id)
          const latest = Math.max(...directlyBefore(nodes, after).map((other) => order.indexOf(other)))
          expect(order[latest]).toBe(before)
        }
        expect(directlyBefore(nodes, explanation.chain[0]?.before ?? id)).toEqual([])
      }),
    )
  })
})
