import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BuiltGraph, buildGraph } from '../../src/graph/build/build.ts'
import type { Id } from '../../src/graph/manifest.ts'
import { manifestEdges } from '../../src/graph/manifest-edges.ts'
import type { GraphNode } from '../../src/graph/node.ts'
import { migrations, plainNodes } from './cases.ts'

interface Case {
  readonly once: readonly GraphNode[]
  readonly repeatables: readonly GraphNode[]
}

/** Packages, and repeatables whose names stand anywhere among theirs. Each depends on some that run once, of any package. */
const cases: fc.Arbitrary<Case> = plainNodes.chain((once) => {
  const drawn = fc.record({
    place: fc.nat({ max: 7 }),
    repeatable: fc.constantFrom('onChange', 'always'),
    beside: fc.nat(),
    dependsOn: fc.subarray(once.map(({ id }) => id)),
  })
  return fc.array(drawn, { minLength: 1, maxLength: 5 }).map((list) => {
    const repeatables = list.map(({ place, repeatable, beside, dependsOn }, number): GraphNode => {
      const owner = once[beside % once.length]?.package ?? ''
      // Between two of those that run once, whose indexes are made twice as far.
      const index = place * 2 + 1 + number / 10
      return { id: `${owner}:r${number}`, package: owner, index, dependsOn, traits: { repeatable } }
    })
    return { once: once.map((node) => ({ ...node, index: node.index * 2 })), repeatables }
  })
})

const orderOf = ({ graph }: BuiltGraph): readonly Id[] => graph.members.map(({ id }) => id)

const edgesOf = ({ graph }: BuiltGraph): ReadonlyMap<Id, object> => {
  const ids = graph.members.map(({ id }) => id)
  return new Map(
    manifestEdges(graph).map(({ parents, after }, position) => {
      const named = { parents: parents.map((other) => ids[other]), after: after.map((other) => ids[other]) }
      return [ids[position] ?? '', named]
    }),
  )
}

describe('whatever repeatables there are', () => {
  it('those that run once keep their order, their edges and their heads', () => {
    fc.assert(
      fc.property(cases, ({ once, repeatables }) => {
        const alone = buildGraph([], once)
        const all = buildGraph([], [...once, ...repeatables])
        expect(orderOf(all).filter((id) => !id.includes(':r'))).toEqual(orderOf(alone))
        const edges = edgesOf(all)
        for (const [id, own] of edgesOf(alone)) expect(edges.get(id)).toEqual(own)
        expect(all.problems).toEqual(alone.problems)
      }),
    )
  })

  it('they come after all of their package, always after everything, and wait for nobody but what they name', () => {
    fc.assert(
      fc.property(cases, ({ once, repeatables }) => {
        const all = buildGraph([], [...once, ...repeatables])
        const order = orderOf(all)
        const edges = edgesOf(all)
        const place = (id: Id): number => order.indexOf(id)
        for (const { id, package: owner, dependsOn = [], traits } of repeatables) {
          const isOwn = traits?.repeatable === 'onChange'
          const before = [...once, ...repeatables.filter((each) => each.traits?.repeatable === 'onChange')]
          for (const other of isOwn ? once.filter((each) => each.package === owner) : before)
            expect(place(other.id)).toBeLessThan(place(id))
          const named = dependsOn.toSorted((a, b) => place(a) - place(b))
          expect(edges.get(id)).toEqual({ parents: named, after: [] })
        }
      }),
    )
  })

  it('without the rule some would come too early', () => {
    const isEarly = ({ once, repeatables }: Case): boolean => {
      const order = orderOf(buildGraph([], [...once, ...repeatables.map((node) => ({ ...node, traits: {} }))]))
      return repeatables.some(({ id, package: owner }) =>
        once.some((each) => each.package === owner && order.indexOf(each.id) > order.indexOf(id)),
      )
    }
    expect(fc.sample(cases, { numRuns: 50, seed: 1 }).some(isEarly)).toBe(true)
  })
})

describe('a repeatable', () => {
  const onChange = { traits: { repeatable: 'onChange' } } as const
  const always = { traits: { repeatable: 'always' } } as const

  it('is a dependency of another package, whose migration then comes after all of its package', () => {
    const nodes = [
      ...migrations('a', { 1: { dependsOn: ['b:views'] } }),
      ...migrations('b', { views: onChange, 1: {}, 2: {} }),
    ]
    const built = buildGraph([], nodes)
    expect(built.problems).toEqual([])
    expect(orderOf(built)).toEqual(['b:1', 'b:2', 'b:views', 'a:1'])
  })

  it('is none of the first ones of its package', () => {
    const nodes = [...migrations('a', { 1: { dependsOn: ['b@base'] } }), ...migrations('b', { views: onChange, 1: {} })]
    expect(orderOf(buildGraph([], nodes))).toEqual(['b:1', 'a:1', 'b:views'])
  })

  it('that always runs comes after the others, in the order that edges ask for', () => {
    const nodes = migrations('a', { z: { ...always, dependsOn: ['a:y'] }, y: always, views: onChange, 1: {}, 2: {} })
    expect(orderOf(buildGraph([], nodes))).toEqual(['a:1', 'a:2', 'a:views', 'a:y', 'a:z'])
  })
})
