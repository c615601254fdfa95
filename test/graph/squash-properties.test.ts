import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildGraph } from '../../src/graph/build/build.ts'
import type { Graph } from '../../src/graph/graph.ts'
import type { Id } from '../../src/graph/manifest.ts'
import type { GraphNode } from '../../src/graph/node.ts'
import { type GraphPlan, planMigrations } from '../../src/graph/plan/plan.ts'
import { type Situation, situationOf } from '../../src/graph/situation.ts'
import { closedSets, directlyBefore, graphWith, plainNodes } from './cases.ts'

interface Squashed {
  readonly plain: readonly GraphNode[]
  readonly nodes: readonly GraphNode[]
}

/** A plain graph, and the same with up to three squashes, also of each other, in a package of their own or in the first. */
const squashedNodes: fc.Arbitrary<Squashed> = plainNodes
  .chain((plain) =>
    fc.record({
      plain: fc.constant(plain),
      blocks: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 }), fc.boolean(), fc.boolean(), fc.boolean()), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  )
  .map(({ plain, blocks }) => {
    const left = graphWith(plain).members.map(({ id }) => id)
    const squashes: GraphNode[] = []
    for (const [index, [start, length, isOwn, isFirst, isFlat]] of blocks.entries()) {
      const owner = isOwn ? 'squashes' : 'p0'
      const id = `${owner}:s${index}`
      const direct = left.splice(start % left.length, length, id)
      const all = direct.flatMap((other) => [
        other,
        ...(squashes.find((squash) => squash.id === other)?.replaces ?? []),
      ])
      const place = isFirst ? -1 - index : 100 + index
      squashes.push({ id, package: owner, index: place, parents: [], replaces: isFlat ? all : direct })
    }
    return { plain, nodes: [...plain, ...squashes] }
  })
  .filter(({ nodes }) => buildGraph([], nodes).problems.every(({ kind }) => kind === 'several-heads'))

function activeIn({ graph, active }: Situation): readonly Id[] {
  return graph.members.filter((_, position) => active[position] === 1).map(({ id }) => id)
}

/** The plain migrations that an id stands for. */
function contentOf(nodes: readonly GraphNode[], id: Id): readonly Id[] {
  const replaces = nodes.find((node) => node.id === id)?.replaces ?? []
  return replaces.length === 0 ? [id] : [...new Set(replaces.flatMap((other) => contentOf(nodes, other)))]
}

const histories = squashedNodes.chain(({ plain, nodes }) =>
  fc.record({
    plain: fc.constant(plain),
    nodes: fc.constant(nodes),
    graph: fc.constant(graphWith(nodes)),
    // What an older version ran, without the squashes.
    older: closedSets(plain),
    // And what this one ran then.
    targets: fc.subarray(nodes.map(({ id }) => id)),
  }),
)

/** Ids that are recorded after an upgrade of an older storage to some targets. */
function upgraded(graph: Graph, older: ReadonlySet<Id>, targets: readonly Id[]): ReadonlySet<Id> {
  const situation = situationOf(graph, older)
  const reachable = targets.filter((id) => activeIn(situation).includes(id))
  const { up: steps } = planMigrations(situation, { direction: 'up', targets: reachable })
  return new Set([...older, ...steps.map(({ id }) => id)])
}

/** Carries a plan out by what it stands for: never twice, and never before what comes before. */
function carryOut(
  nodes: readonly GraphNode[],
  plain: readonly GraphNode[],
  recorded: ReadonlySet<Id>,
  plan: GraphPlan,
): ReadonlySet<Id> {
  const content = new Set([...recorded].flatMap((id) => contentOf(nodes, id)))
  const after = new Set(recorded)
  for (const { id } of plan.down) {
    const gone = contentOf(nodes, id)
    for (const one of gone) expect(content.delete(one)).toBe(true)
    for (const other of content) for (const one of gone) expect(directlyBefore(plain, other)).not.toContain(one)
    expect(after.delete(id)).toBe(true)
  }
  for (const { id } of plan.up) {
    const come = contentOf(nodes, id)
    for (const one of come) {
      expect(content).not.toContain(one)
      for (const before of directlyBefore(plain, one)) expect([...content, ...come]).toContain(before)
    }
    for (const one of come) content.add(one)
    after.add(id)
  }
  return after
}

describe('V08 with squashes, whatever ran before', () => {
  it('everything runs exactly once, in an order that serves everyone', () => {
    let used = 0
    fc.assert(
      fc.property(histories, ({ graph, nodes, plain, older, targets }) => {
        const recorded = upgraded(graph, older, targets)
        const situation = situationOf(graph, recorded)
        used += situation.instead.size
        const plan = planMigrations(situation, { direction: 'up', targets: 'heads' })
        const after = carryOut(nodes, plain, recorded, plan)
        const content = [...after].flatMap((id) => contentOf(nodes, id))
        expect(content.toSorted()).toEqual(plain.map(({ id }) => id).toSorted())
        const again = planMigrations(situationOf(graph, after), { direction: 'up', targets: 'heads' })
        expect(again.up).toEqual([])
      }),
      { numRuns: 500 },
    )
    expect(used).toBeGreaterThan(100)
  })

  it('a plan followed by its reverse is the identity', () => {
    fc.assert(
      fc.property(histories, fc.nat(), ({ graph, nodes, plain, older, targets }, choice) => {
        const recorded = upgraded(graph, older, targets)
        const situation = situationOf(graph, recorded)
        const owners = graph.packages.filter((name) => activeIn(situation).some((id) => id.startsWith(`${name}:`)))
        const target = `${owners[choice % owners.length]}@base`
        const plan = planMigrations(situation, { direction: 'down', targets: target })
        const after = carryOut(nodes, plain, recorded, plan)
        const back = planMigrations(situationOf(graph, after), { direction: 'up', targets: 'heads' })
        const there = carryOut(nodes, plain, after, back)
        const all = carryOut(nodes, plain, recorded, planMigrations(situation, { direction: 'up', targets: 'heads' }))
        const contents = (ids: ReadonlySet<Id>): ReadonlySet<Id> =>
          new Set([...ids].flatMap((id) => contentOf(nodes, id)))
        expect(contents(there)).toEqual(contents(all))
      }),
      { numRuns: 300 },
    )
  })

  it('edges of a situation lead from active to active, forwards', () => {
    fc.assert(
      fc.property(histories, ({ graph, older, targets }) => {
        const { graph: seen, active } = situationOf(graph, upgraded(graph, older, targets))
        const { offsets, before } = seen.edges
        for (let position = 0; position < active.length; position++)
          for (const start of before.subarray(offsets[position], offsets[position + 1])) {
            expect(start).toBeLessThan(position)
            expect([active[start], active[position]]).toEqual([1, 1])
          }
      }),
    )
  })
})
