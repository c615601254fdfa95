import { describe, expect, it } from 'vitest'
import { buildGraph } from '../../src/graph/build/build.ts'
import type { Graph } from '../../src/graph/graph.ts'
import { effectiveHeads } from '../../src/graph/heads.ts'
import type { Id } from '../../src/graph/manifest.ts'
import { planMigrations } from '../../src/graph/plan/plan.ts'
import { PlanError } from '../../src/graph/plan/plan-error.ts'
import { situationOf } from '../../src/graph/situation.ts'
import { graphWith, migrations } from './cases.ts'

function up(graph: Graph, applied: Iterable<Id>, targets = 'heads'): readonly Id[] {
  return planMigrations(situationOf(graph, applied), { direction: 'up', targets }).up.map(({ id }) => id)
}

function down(graph: Graph, applied: Iterable<Id>, targets: string): readonly Id[] {
  return planMigrations(situationOf(graph, applied), { direction: 'down', targets }).down.map(({ id }) => id)
}

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof PlanError) return error.code
    throw error
  }
  return 'none'
}

const ORIGINALS = { '0001': {}, '0002': {}, '0003': {} }
// Named as Django names them: by name it stands between the originals.
const SQUASHED = { '0001_squashed': { replaces: ['a:0001', 'a:0002', 'a:0003'] } }
const LATER = { '0004': {} }

describe('a squash', () => {
  const graph = graphWith(migrations('a', { ...ORIGINALS, ...SQUASHED, ...LATER }))

  it('runs where nothing of what it replaces is applied', () => {
    expect(up(graph, [])).toEqual(['a:0001_squashed', 'a:0004'])
    expect(effectiveHeads(situationOf(graph, ['a:0001_squashed']))).toEqual(['a:0001_squashed'])
  })

  it('counts as applied where all of it is', () => {
    expect(up(graph, ['a:0001', 'a:0002', 'a:0003'])).toEqual(['a:0004'])
    expect(up(graph, ['a:0001', 'a:0002', 'a:0003'], 'a:0001_squashed')).toEqual([])
  })

  it('gives way to the originals where some of it is', () => {
    expect(up(graph, ['a:0001'])).toEqual(['a:0002', 'a:0003', 'a:0004'])
    expect(up(graph, ['a:0001'], 'a:0001_squashed')).toEqual(['a:0002', 'a:0003'])
  })

  it('takes back what really ran', () => {
    expect(down(graph, ['a:0001_squashed', 'a:0004'], 'base')).toEqual(['a:0004', 'a:0001_squashed'])
    expect(down(graph, ['a:0001', 'a:0002', 'a:0003', 'a:0004'], 'a:0002')).toEqual(['a:0004', 'a:0003'])
  })

  it('has nothing between its originals where it is used', () => {
    expect(codeOf(() => up(graph, [], 'a:0002'))).toBe('MIG_R0410')
    expect(codeOf(() => down(graph, ['a:0001_squashed'], '0002'))).toBe('MIG_R0401')
  })

  it('is worked out the same whatever the order of its name', () => {
    const last = graphWith(migrations('a', { ...ORIGINALS, ...LATER, '0005_squash': SQUASHED['0001_squashed'] }))
    expect(up(last, [])).toEqual(['a:0005_squash', 'a:0004'])
    expect(up(last, ['a:0001', 'a:0002', 'a:0003'])).toEqual(['a:0004'])
  })
})

describe('a squash whose originals are gone', () => {
  const graph = graphWith([
    ...migrations('a', { ...SQUASHED, ...LATER }),
    ...migrations('b', { '1': { dependsOn: ['a:0002'] } }),
  ])

  it('still counts as applied where all of them are, and runs where none is', () => {
    expect(up(graph, ['a:0001', 'a:0002', 'a:0003'])).toEqual(['a:0004', 'b:1'])
    expect(up(graph, [])).toEqual(['a:0001_squashed', 'a:0004', 'b:1'])
  })

  it('stands for them where others depend on them', () => {
    expect(up(graph, [], 'b:1')).toEqual(['a:0001_squashed', 'b:1'])
    expect(down(graph, ['a:0001', 'a:0002', 'a:0003', 'b:1'], 'a@base')).toEqual(['b:1', 'a:0001_squashed'])
  })

  it('is an error where a part is applied, which says what is gone', () => {
    const situation = situationOf(graph, ['a:0001', 'a:0003'])
    expect(situation.partial.map(({ gone }) => gone)).toEqual([['a:0002']])
    expect(() => up(graph, ['a:0001', 'a:0003'])).toThrow(
      '[MIG_R0305] Some of what a:0001_squashed replaces is applied, and this is not and is gone from the code: a:0002.',
    )
    expect(codeOf(() => up(graph, ['a:0001', 'a:0003', 'a:0004', 'b:1']))).toBe('MIG_R0305')
    expect(down(graph, ['a:0001', 'a:0003', 'a:0004'], 'base')).toEqual(['a:0004'])
  })
})

it('stands for the first of its package where others depend on that', () => {
  const graph = graphWith([
    ...migrations('a', { first: { dependsOn: ['b@base'] }, ...LATER }),
    ...migrations('b', { '0001': {}, '0002': {}, squash: { replaces: ['b:0001', 'b:0002'] } }),
  ])
  expect(up(graph, [])).toEqual(['b:squash', 'a:first', 'a:0004'])
  expect(up(graph, ['b:0001'], 'a:first')).toEqual(['a:first'])
})

describe('squashes of squashes', () => {
  const nested = migrations('a', {
    ...ORIGINALS,
    inner: { replaces: ['a:0001', 'a:0002'] },
    outer: { replaces: ['a:inner', 'a:0003', 'b:1'] },
    ...LATER,
  })
  const graph = graphWith([...nested, ...migrations('b', { '1': { dependsOn: ['a:0002'] }, '2': {} })])

  it.each<[applied: readonly Id[], expected: readonly Id[]]>([
    [[], ['a:outer', 'a:0004', 'b:2']],
    [['a:inner'], ['a:0003', 'b:1', 'a:0004', 'b:2']],
    [['a:0001'], ['a:0002', 'a:0003', 'b:1', 'a:0004', 'b:2']],
    [
      ['a:inner', 'b:1'],
      ['a:0003', 'a:0004', 'b:2'],
    ],
    [
      ['a:0001', 'a:0002', 'a:0003', 'b:1'],
      ['a:0004', 'b:2'],
    ],
    [
      ['a:inner', 'a:0003', 'b:1'],
      ['a:0004', 'b:2'],
    ],
    [['a:outer'], ['a:0004', 'b:2']],
  ])('on %j run %j', (applied, expected) => {
    expect(up(graph, applied)).toEqual(expected)
  })

  it('may list what the inner one replaces too, and stand before it', () => {
    const all = ['a:0001', 'a:0002', 'a:inner', 'a:0003']
    const listed = graphWith(
      migrations('a', {
        outer: { replaces: all },
        ...ORIGINALS,
        inner: { replaces: ['a:0001', 'a:0002'] },
        ...LATER,
      }),
    )
    expect(up(listed, [])).toEqual(['a:outer', 'a:0004'])
    expect(up(listed, ['a:0001'])).toEqual(['a:0002', 'a:0003', 'a:0004'])
    expect(up(listed, ['a:0001', 'a:0002', 'a:0003'])).toEqual(['a:0004'])
  })

  it('are no problem below one that was applied itself', () => {
    const gone = graphWith(
      migrations('a', { inner: { replaces: ['a:0001', 'a:0002'] }, outer: { replaces: ['a:inner'] }, ...LATER }),
    )
    expect(situationOf(gone, ['a:outer', 'a:0001']).partial).toEqual([])
    expect(up(gone, ['a:outer', 'a:0001'])).toEqual(['a:0004'])
  })

  it('are refused where they overlap and neither replaces the other', () => {
    const { problems } = buildGraph(
      [],
      migrations('a', {
        ...ORIGINALS,
        one: { replaces: ['a:0001', 'a:0002'] },
        two: { replaces: ['a:0002', 'a:0003'] },
      }),
    )
    expect(problems).toMatchObject([{ kind: 'replace-conflict', reference: 'a:0002', node: 4, other: 3 }])
  })

  it('are refused where they replace each other', () => {
    const { problems } = buildGraph([], migrations('a', { x: { replaces: ['a:y'] }, y: { replaces: ['a:x'] } }))
    expect(problems.map((problem) => [problem.kind, 'through' in problem && problem.through])).toContainEqual([
      'cycle',
      'dependencies',
    ])
  })
})

it('refuses a squash around something that needs a part of it and is needed by another', () => {
  const nodes = [
    ...migrations('a', { 1: {}, 2: { dependsOn: ['b:1'] }, squash: { replaces: ['a:1', 'a:2'] } }),
    ...migrations('b', { 1: { dependsOn: ['a:1'] } }),
  ]
  expect(buildGraph([], nodes).problems).toMatchObject([{ kind: 'cycle', through: 'dependencies' }])
  expect(
    buildGraph(
      [],
      nodes.filter(({ id }) => id !== 'a:squash'),
    ).problems,
  ).toEqual([])
})
