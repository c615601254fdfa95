import { describe, expect, it } from 'vitest'
import { type BuiltGraph, buildGraph } from '../../src/graph/build/build.ts'
import { manifestEdges } from '../../src/graph/manifest-edges.ts'
import type { GraphPackage } from '../../src/graph/node.ts'
import { migrations } from './cases.ts'

function pack(name: string, dependencies: readonly string[] = [], optional: readonly string[] = []): GraphPackage {
  return { name, dependencies, optional }
}

function ids({ graph }: BuiltGraph): readonly string[] {
  return graph.members.map(({ id }) => id)
}

function kinds(graph: BuiltGraph): readonly string[] {
  return graph.problems.map(({ kind }) => kind).toSorted()
}

describe('order', () => {
  it('puts what a package depends on by npm first, then names', () => {
    const nodes = [
      ...migrations('app', { a: {} }),
      ...migrations('zeta', { z1: {}, z2: {} }),
      ...migrations('beta', { b: {} }),
    ]
    const graph = buildGraph([pack('app', ['zeta', 'beta']), pack('beta', ['zeta']), pack('zeta')], nodes)
    expect(ids(graph)).toEqual(['zeta:z1', 'zeta:z2', 'beta:b', 'app:a'])
  })

  it('lets declared edges and runBefore win over npm', () => {
    const nodes = [
      ...migrations('app', { first: { runBefore: ['library:one'] }, second: {} }),
      ...migrations('library', { one: {}, two: { dependsOn: ['app:second'] } }),
    ]
    const graph = buildGraph([pack('app', ['library']), pack('library')], nodes)
    expect(ids(graph)).toEqual(['app:first', 'library:one', 'app:second', 'library:two'])
    expect(manifestEdges(graph.graph)).toEqual([
      { parents: [], after: [], replaces: [] },
      { parents: [], after: [0], replaces: [] },
      { parents: [], after: [0], replaces: [] },
      { parents: [2], after: [1], replaces: [] },
    ])
  })

  it('counts an edge that is declared and implied as declared', () => {
    const nodes = migrations('app', { a: {}, b: { dependsOn: ['app:a'] }, c: { parents: ['b'] } })
    const graph = buildGraph([], nodes)
    expect(manifestEdges(graph.graph)).toEqual([
      { parents: [], after: [], replaces: [] },
      { parents: [0], after: [], replaces: [] },
      { parents: [1], after: [], replaces: [] },
    ])
  })

  it('orders packages that depend on each other by name, after what both depend on', () => {
    const nodes = [...migrations('a', { 1: {} }), ...migrations('b', { 1: {} }), ...migrations('z', { 1: {} })]
    const graph = buildGraph([pack('a', ['b', 'z']), pack('b', ['a']), pack('z')], nodes)
    expect(ids(graph)).toEqual(['z:1', 'a:1', 'b:1'])
  })

  it('reads @base as every first migration of the package', () => {
    const nodes = [
      ...migrations('app', { x: { dependsOn: ['other@base'] } }),
      ...migrations('other', { a: {}, b: { parents: [] }, c: { parents: ['a', 'b'] } }),
    ]
    const graph = buildGraph([pack('other', ['app']), pack('app')], nodes)
    expect(ids(graph)).toEqual(['other:a', 'other:b', 'app:x', 'other:c'])
  })

  it('waits for an optional package and counts the edge when it comes', () => {
    const app = migrations('app', { x: { dependsOn: ['extra:1'] } })
    const packages = [pack('app', ['extra'], ['extra']), pack('extra', ['app'])]
    const without = buildGraph(packages, app)
    expect(without.problems).toEqual([])
    expect(without.waiting).toEqual([{ node: 0, field: 'dependsOn', reference: 'extra:1' }])
    const nodes = [...app, ...migrations('extra', { 1: {} })]
    expect(ids(buildGraph(packages, nodes))).toEqual(['extra:1', 'app:x'])
  })

  it('takes names of Object.prototype as names', () => {
    const nodes = [
      ...migrations('constructor', { __proto__x: {}, toString: { dependsOn: ['__proto__:constructor'] } }),
      ...migrations('__proto__', { constructor: {} }),
    ]
    const graph = buildGraph([pack('constructor', ['__proto__']), pack('__proto__')], nodes)
    expect(ids(graph)).toEqual(['__proto__:constructor', 'constructor:__proto__x', 'constructor:toString'])
  })
})

describe('problems', () => {
  it('finds all at once', () => {
    const nodes = [
      ...migrations('app', {
        a: { dependsOn: ['app:a', 'gone:1', 'library', 'b', 'library:9', ':'] },
        b: { parents: ['nowhere'], conflictsWith: ['library:1'] },
        c: { parents: ['a'] },
      }),
      ...migrations('library', { 1: { conflictsWith: ['app:b'] } }),
      ...migrations('library', { 1: {} }),
    ]
    const graph = buildGraph([pack('app'), pack('library')], nodes)
    expect(kinds(graph)).toEqual([
      'absent-package',
      'bare-reference',
      'conflict',
      'duplicate-id',
      'floating-reference',
      'malformed-reference',
      'missing-migration',
      'missing-parent',
      'self-dependency',
      'several-heads',
    ])
    expect(graph.problems).toContainEqual({
      kind: 'bare-reference',
      node: 0,
      field: 'dependsOn',
      reference: 'b',
      proposal: 'app:b',
    })
    expect(graph.problems).toContainEqual({ kind: 'several-heads', package: 'app', heads: [1, 2] })
  })

  it('finds every way in which a graph is malformed, each of its own kind, all at once', () => {
    const nodes = [
      ...migrations('parents', { a: { parents: ['b'] }, b: {}, c: { parents: ['c'] } }),
      ...migrations('needs', { a: { dependsOn: ['needed:a'] } }),
      ...migrations('needed', { a: { dependsOn: ['needs:a'] } }),
      ...migrations('both', { a: { dependsOn: ['both:b'] }, b: {} }),
      ...migrations('self', { a: { dependsOn: ['self:a'] } }),
      ...migrations('missing', { a: { parents: [] }, b: { parents: ['gone'] }, c: { dependsOn: ['missing:gone'] } }),
      ...migrations('twice', { a: {} }),
      ...migrations('twice', { a: {} }),
      ...migrations('one', { a: { labels: ['branch', 'one'] } }),
      ...migrations('other', { a: { labels: ['branch'], formerly: ['one:a'] } }),
    ]
    const found = buildGraph([], nodes).problems.map((problem) =>
      problem.kind === 'cycle' ? `cycle through ${problem.through}` : problem.kind,
    )
    expect(found.toSorted()).toEqual([
      'cycle through both',
      'cycle through dependencies',
      'cycle through parents',
      'duplicate-id',
      'duplicate-id',
      'label-conflict',
      'missing-migration',
      'missing-parent',
      'self-dependency',
      'self-parent',
      'unusable-label',
    ])
  })

  it('tells a package that is not installed from one that brings no migrations', () => {
    const nodes = migrations('app', { a: { dependsOn: ['silent:1', 'gone:1'] } })
    const problems = buildGraph([pack('app', ['silent']), pack('silent')], nodes).problems
    expect(problems).toMatchObject([
      { kind: 'absent-package', package: 'silent', installed: true },
      { kind: 'absent-package', package: 'gone', installed: false },
    ])
  })

  it('shows a shortest cycle with the kind of each edge', () => {
    const nodes = [
      ...migrations('a', { 1: {}, 2: {}, 3: { runBefore: ['b:1'] } }),
      ...migrations('b', { 1: {}, 2: {}, 3: {}, 4: { runBefore: ['a:1'] } }),
      ...migrations('c', { 1: { dependsOn: ['b:2'], runBefore: ['a:3'] } }),
    ]
    const [problem, ...rest] = buildGraph([], nodes).problems
    expect(rest).toEqual([])
    const edges = problem?.kind === 'cycle' ? problem.edges : []
    const shown = edges.map((edge) => [nodes[edge.before]?.id, edge.kind, nodes[edge.after]?.id])
    expect(shown).toEqual([
      ['a:3', 'runBefore', 'b:1'],
      ['b:1', 'above', 'b:2'],
      ['b:2', 'dependsOn', 'c:1'],
      ['c:1', 'runBefore', 'a:3'],
    ])
  })

  it('shows one cycle of every tangle', () => {
    const nodes = ['a', 'b', 'c', 'd'].flatMap((owner, index, all) =>
      migrations(owner, { 1: { dependsOn: [`${all[index ^ 1]}:1`] } }),
    )
    expect(kinds(buildGraph([], nodes))).toEqual(['cycle', 'cycle'])
  })
})
