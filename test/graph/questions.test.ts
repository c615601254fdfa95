import { describe, expect, it } from 'vitest'
import { explain } from '../../src/graph/explain.ts'
import { bases, effectiveHeads, heads } from '../../src/graph/heads.ts'
import { ancestors, descendants } from '../../src/graph/relatives.ts'
import { situationOf } from '../../src/graph/situation.ts'
import { graphWith, migrations } from './cases.ts'

// a: 1 ── 2 ── 4        b: 1 ── 2
//    └──── 3 (x)           a:2 ─► b:2
const graph = graphWith([
  ...migrations('a', { m1: {}, m2: {}, m3: { parents: ['m1'], labels: ['x'] }, m4: { parents: ['m2'] } }),
  ...migrations('b', { m1: {}, m2: { dependsOn: ['a:m2'] } }),
])

describe('heads and bases', () => {
  it('of everything', () => {
    expect(heads(graph)).toEqual(['a:m3', 'a:m4', 'b:m2'])
    expect(bases(graph)).toEqual(['a:m1', 'b:m1'])
  })

  it('of a package, whatever depends on it', () => {
    expect(heads(graph, { package: 'a' })).toEqual(['a:m3', 'a:m4'])
    expect(bases(graph, { package: 'b' })).toEqual(['b:m1'])
    expect(heads(graph, { package: 'nobody' })).toEqual([])
  })

  it('of a label', () => {
    expect(heads(graph, { label: 'x' })).toEqual(['a:m3'])
    expect(bases(graph, { label: 'x' })).toEqual(['a:m3'])
  })

  it('of a label, whatever is said twice: a redundant edge is neither a fork nor a merge', () => {
    const line = graphWith(
      migrations('a', { m1: {}, m2: { labels: ['x'] }, m3: { dependsOn: ['a:m1'], labels: ['y'] } }),
    )
    expect(bases(line, { label: 'x' })).toEqual(['a:m1'])
    expect(bases(line, { label: 'y' })).toEqual(['a:m1'])
  })

  it('of what is applied: one that another package hides shows again when the dependent goes', () => {
    const applied = ['a:m1', 'a:m2', 'b:m1', 'b:m2']
    expect(effectiveHeads(situationOf(graph, applied))).toEqual(['b:m2'])
    expect(effectiveHeads(situationOf(graph, applied), { package: 'a' })).toEqual(['a:m2'])
    expect(effectiveHeads(situationOf(graph, applied.slice(0, 3)))).toEqual(['a:m2', 'b:m1'])
    expect(effectiveHeads(situationOf(graph, []))).toEqual([])
  })

  it('of what is applied, with a gap: an applied one behind the gap still hides those before it', () => {
    expect(effectiveHeads(situationOf(graph, ['a:m1', 'a:m4']))).toEqual(['a:m4'])
  })

  it('of a storage that a squash serves', () => {
    const squashed = graphWith(
      migrations('a', { m1: { labels: ['x'] }, m2: {}, squash: { replaces: ['a:m1', 'a:m2'] } }),
    )
    const fresh = situationOf(squashed, [])
    expect([heads(fresh), bases(fresh)]).toEqual([['a:squash'], ['a:squash']])
    expect(heads(fresh, { label: 'x' })).toEqual(['a:squash'])
    const older = situationOf(squashed, ['a:m1'])
    expect([heads(older), bases(older), effectiveHeads(older)]).toEqual([['a:m2'], ['a:m1'], ['a:m1']])
  })
})

it('ancestors and descendants of an unknown id are none', () => {
  expect([ancestors(graph, 'a:m9'), descendants(graph, 'a:m9')]).toEqual([[], []])
})

describe('explain', () => {
  it('shows the chain of edges that held a migration back, and the rank of the package where it begins', () => {
    expect(explain(graph, 'b:m2')).toEqual({
      id: 'b:m2',
      position: 5,
      chain: [{ before: 'b:m1', after: 'b:m2', kind: 'above' }],
      rank: 1,
    })
    expect(explain(graph, 'a:m4')?.chain).toEqual([
      { before: 'a:m1', after: 'a:m2', kind: 'above' },
      { before: 'a:m2', after: 'a:m4', kind: 'parents' },
    ])
    expect(explain(graph, 'a:m1')).toEqual({ id: 'a:m1', position: 0, chain: [], rank: 0 })
    expect(explain(graph, 'a:m9')).toBeUndefined()
  })

  it('knows a migration by its former id', () => {
    const renamed = graphWith(migrations('a', { m1: {}, m2: { formerly: ['old:m2'] } }))
    expect(explain(renamed, 'old:m2')?.id).toBe('a:m2')
  })
})
