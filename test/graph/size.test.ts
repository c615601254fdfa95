import { describe, expect, it } from 'vitest'
import { buildGraph } from '../../src/graph/build/build.ts'
import { explain } from '../../src/graph/explain.ts'
import { graphOf } from '../../src/graph/from-manifest.ts'
import { heads } from '../../src/graph/heads.ts'
import { manifestEdges } from '../../src/graph/manifest-edges.ts'
import type { GraphNode } from '../../src/graph/node.ts'
import { planMigrations } from '../../src/graph/plan/plan.ts'
import { ancestors, descendants } from '../../src/graph/relatives.ts'
import { situationOf } from '../../src/graph/situation.ts'
import { graphWith } from './cases.ts'
import { examine, manifestOf } from './manifest.ts'

const SIZE = 100_000

/** Every migration in a package of its own, each after the one before. */
const CHAIN = Array.from({ length: SIZE }, (_, index): GraphNode => {
  return { id: `p${index}:x`, package: `p${index}`, index: 0, dependsOn: index === 0 ? [] : [`p${index - 1}:x`] }
})
const FIRST = 'p0:x'
const LAST = `p${SIZE - 1}:x`

describe('V07 a chain of 100,000 migrations', () => {
  const given = CHAIN.toReversed()
  const graph = graphWith(given)
  const ids = CHAIN.map(({ id }) => id)

  it('is ordered', () => {
    expect(graph.members.map(({ id }) => id)).toEqual(ids)
  })

  it('is asked', () => {
    expect(heads(graph)).toEqual([LAST])
    expect(ancestors(graph, LAST)).toHaveLength(SIZE - 1)
    expect(descendants(graph, FIRST)).toHaveLength(SIZE - 1)
    expect(explain(graph, LAST)?.chain).toHaveLength(SIZE - 1)
  })

  it('is planned both ways', () => {
    const up = planMigrations(situationOf(graph, []), { direction: 'up', targets: LAST }).up
    expect(up.map(({ id }) => id)).toEqual(ids)
    expect(up[0]?.because).toBe('p1:x')
    const { down } = planMigrations(situationOf(graph, ids), { direction: 'down', targets: 'p0@base' })
    expect(down.map(({ id }) => id)).toEqual(ids.toReversed())
  })

  it('passes through a manifest', () => {
    const manifest = manifestOf(given)
    expect(manifestEdges(graphOf(manifest.migrations))).toEqual(manifestEdges(graph))
    expect(examine(manifest, { [LAST]: `now:${LAST}` })).toMatchObject({
      findings: [{ kind: 'inconsistent', id: LAST, pending: `p${SIZE - 2}:x` }],
    })
  })
})

it('a squash of 100,000 migrations is decided', () => {
  const originals = Array.from({ length: SIZE }, (_, index): GraphNode => ({ id: `a:${index}`, package: 'a', index }))
  const ids = originals.map(({ id }) => id)
  const graph = graphWith([...originals, { id: 'a:squash', package: 'a', index: SIZE, replaces: ids }])
  expect(planMigrations(situationOf(graph, []), { direction: 'up', targets: 'heads' }).up).toHaveLength(1)
  expect(planMigrations(situationOf(graph, ids), { direction: 'up', targets: 'heads' }).up).toEqual([])
  expect(planMigrations(situationOf(graph, ids.slice(1)), { direction: 'up', targets: 'heads' }).up).toHaveLength(1)
})

it('a ring of 100,000 migrations is shown', () => {
  const nodes = Array.from({ length: SIZE }, (_, index): GraphNode => {
    return { id: `app:${index}`, package: 'app', index, dependsOn: index === 0 ? [`app:${SIZE - 1}`] : [] }
  })
  const problem = buildGraph([], nodes).problems.find(({ kind }) => kind === 'cycle')
  expect(problem?.kind === 'cycle' && problem.edges.length).toBe(SIZE)
})

it('a stack of 2,000 diamonds is not walked path by path', () => {
  const depth = 2_000
  const nodes = Array.from({ length: depth }, (_, level) =>
    ['top', 'left', 'right'].map((side, index): GraphNode => {
      const top = level === 0 ? [] : [`left${level - 1}:x`, `right${level - 1}:x`]
      const name = `${side}${level}`
      return { id: `${name}:x`, package: name, index: 0, dependsOn: index === 0 ? top : [`top${level}:x`] }
    }),
  ).flat()
  const graph = graphWith(nodes)
  const tips = [`left${depth - 1}:x`, `right${depth - 1}:x`]
  expect(heads(graph)).toEqual(tips)
  expect(planMigrations(situationOf(graph, []), { direction: 'up', targets: tips }).up).toHaveLength(depth * 3)
  const all = nodes.map(({ id }) => id)
  expect(planMigrations(situationOf(graph, all), { direction: 'down', targets: 'top0@base' }).down).toHaveLength(
    depth * 3,
  )
  expect(explain(graph, `right${depth - 1}:x`)?.chain).toHaveLength(depth * 2 - 1)
})
