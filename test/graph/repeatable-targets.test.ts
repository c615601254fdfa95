import { describe, expect, it } from 'vitest'
import { graphOf } from '../../src/graph/from-manifest.ts'
import { bases, effectiveHeads, heads } from '../../src/graph/heads.ts'
import { manifestEdges } from '../../src/graph/manifest-edges.ts'
import type { Id } from '../../src/graph/manifest.ts'
import { planMigrations } from '../../src/graph/plan/plan.ts'
import type { PlanRequest } from '../../src/graph/plan/request.ts'
import { situationOf } from '../../src/graph/situation.ts'
import { graphWith, migrations } from './cases.ts'

const onChange = { traits: { repeatable: 'onChange' } } as const
const always = { traits: { repeatable: 'always' } } as const

// a: 1 ── 2 ── 3, and what repeats: early, views (after a:2), grants        b: 1, which waits for a:views
const built = graphWith([
  ...migrations('a', {
    early: onChange,
    1: {},
    2: {},
    3: {},
    views: { ...onChange, dependsOn: ['a:2'] },
    grants: always,
  }),
  ...migrations('b', { 1: { dependsOn: ['a:views'] } }),
])
const edges = manifestEdges(built)
const nodes = built.members.map(({ id, traits }, position) => {
  const { parents = [], after = [] } = edges[position] ?? {}
  return { id, parents, after, formerly: [], replaces: [], ...(traits ? { traits } : {}) }
})

describe.each([
  ['as it is built', built],
  ['of a manifest', graphOf(nodes)],
])('what repeats, in a graph %s', (_, graph) => {
  const ALL = graph.members.map(({ id }) => id)
  const plan = (applied: readonly Id[], request: PlanRequest): readonly string[] => {
    const { down, up } = planMigrations(situationOf(graph, applied), request)
    return [...down.map(({ id }) => `-${id}`), ...up.map(({ id }) => `+${id}`)]
  }

  it('is no head and no base, and hides none', () => {
    expect(heads(graph)).toEqual(['a:3', 'b:1'])
    expect(bases(graph)).toEqual(['a:1'])
    expect(heads(graph, { package: 'a' })).toEqual(['a:3'])
    expect(bases(graph, { package: 'a' })).toEqual(['a:1'])
    expect(effectiveHeads(situationOf(graph, ['a:1', 'a:2', 'a:views', 'a:early', 'a:grants']))).toEqual(['a:2'])
  })

  it('is no step up', () => {
    expect(plan(['a:1'], { direction: 'up', targets: '+1' })).toEqual(['+a:2'])
    expect(plan(['a:1', 'a:early'], { direction: 'up', targets: 'a@+2' })).toEqual(['+a:2', '+a:3'])
    expect(plan(['a:1'], { direction: 'up', targets: 'a:2+1' })).toEqual(['+a:2', '+a:3'])
    const rest = ALL.filter((id) => !/:(views|early|grants)$/.test(id))
    expect(() => plan(rest, { direction: 'up', targets: '+1' })).toThrow(/MIG_R0404/)
  })

  it('is no step down, and stays', () => {
    const applied = ['a:1', 'a:2', 'a:early', 'a:grants']
    expect(plan(applied, { direction: 'down', targets: '-1' })).toEqual(['-a:2'])
    expect(plan(applied, { direction: 'down', targets: 'a@-2' })).toEqual(['-a:2', '-a:1'])
    expect(plan(applied, { direction: 'down', targets: 'base' })).toEqual(['-a:2', '-a:1'])
    expect(plan(applied, { direction: 'to', targets: 'a@base' })).toEqual(['-a:2', '-a:1'])
  })

  it('goes with what it says that it depends on', () => {
    const applied = ['a:1', 'a:2', 'a:views']
    expect(plan(applied, { direction: 'down', targets: '-1' })).toEqual(['-a:views', '-a:2'])
  })

  it('needs all of its package that run once, whoever asks for it', () => {
    const request = { direction: 'up', targets: 'a:early' } as const
    expect(plan(['a:1'], request)).toEqual(['+a:2', '+a:3', '+a:early'])
    expect(plan([], { direction: 'up', targets: 'b' })).toEqual(['+a:1', '+a:2', '+a:3', '+a:views', '+b:1'])
    expect(() => plan(['a:1', 'a:2'], { direction: 'up', only: ['a:early'] })).toThrow(/MIG_R0406.*a:3/)
    expect(() => plan([], { direction: 'up', targets: 'heads', skip: ['a:3'] })).toThrow(/MIG_R0406.*a:3/)
    const skip = ['a:3', 'early', 'views', 'grants', 'b:1']
    expect(plan([], { direction: 'up', targets: 'heads', skip })).toEqual(['+a:1', '+a:2'])
  })

  it('that is applied needs nothing any more', () => {
    expect(plan(['a:1', 'a:early'], { direction: 'up', targets: 'a:early' })).toEqual([])
    expect(plan(['a:1', 'a:2', 'a:views'], { direction: 'up', targets: 'b' })).toEqual(['+b:1'])
  })

  it('is why they come, where nothing else is', () => {
    const { up } = planMigrations(situationOf(graph, ['a:1']), { direction: 'up', targets: 'a:early' })
    expect(up.map(({ because }) => because)).toEqual(['a:3', 'a:early', null])
  })

  it('is marked and unmarked with all of its package, which runs nothing', () => {
    expect(plan(['a:1', 'a:early'], { direction: 'stamp', targets: 'base' })).toEqual(['-a:early', '-a:1'])
  })
})
