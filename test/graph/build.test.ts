import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BuiltGraph, buildGraph } from '../../src/graph/build/build.ts'
import { manifestEdges } from '../../src/graph/manifest-edges.ts'
import type { GraphNode, GraphPackage } from '../../src/graph/node.ts'

type Spec = Partial<Pick<GraphNode, 'dependsOn' | 'runBefore' | 'parents' | 'conflictsWith'>>

/** Nodes of one package, in order, by name. */
function migrations(owner: string, names: Readonly<Record<string, Spec>>): GraphNode[] {
  return Object.entries(names).map(([name, spec], index) => ({
    id: `${owner}:${name}`,
    package: owner,
    index,
    dependsOn: [],
    runBefore: [],
    conflictsWith: [],
    ...spec,
    ...(spec.parents ? { parents: spec.parents.map((parent) => `${owner}:${parent}`) } : {}),
  }))
}

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
      { parents: [], after: [] },
      { parents: [], after: [0] },
      { parents: [], after: [0] },
      { parents: [2], after: [1] },
    ])
  })

  it('counts an edge that is declared and implied as declared', () => {
    const nodes = migrations('app', { a: {}, b: { dependsOn: ['app:a'] }, c: { parents: ['b'] } })
    const graph = buildGraph([], nodes)
    expect(manifestEdges(graph.graph)).toEqual([
      { parents: [], after: [] },
      { parents: [0], after: [] },
      { parents: [1], after: [] },
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

/** Acyclic by construction: an edge always leads to a migration of a lower level. */
const graphs = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 6 }),
    links: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 30 }),
    npm: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 }),
  })
  .map(({ sizes, links, npm }) => {
    const all = sizes.flatMap((size, owner) =>
      Array.from({ length: size }, (_, index) => ({ owner, index, level: index * 10 + owner })),
    )
    const dependsOn = new Map<string, string[]>()
    const runBefore = new Map<string, string[]>()
    for (const [a, b, before] of links) {
      const [low, high] = [all[a % all.length], all[b % all.length]].toSorted(
        (one, other) => (one?.level ?? 0) - (other?.level ?? 0),
      )
      if (!low || !high || low.level === high.level) continue
      const [map, at, to] = before ? [runBefore, low, high] : [dependsOn, high, low]
      const key = `p${at.owner}:${at.index}`
      map.set(key, [...(map.get(key) ?? []), `p${to.owner}:${to.index}`])
    }
    const nodes = all.map(({ owner, index }): GraphNode => {
      const id = `p${owner}:${index}`
      const fields = { dependsOn: dependsOn.get(id) ?? [], runBefore: runBefore.get(id) ?? [], conflictsWith: [] }
      return { id, package: `p${owner}`, index, ...fields }
    })
    const packages = sizes.map((_, owner) => {
      const mine = npm.filter(([from]) => from % sizes.length === owner)
      return pack(
        `p${owner}`,
        mine.map(([, to]) => `p${to % sizes.length}`),
      )
    })
    return { nodes, packages }
  })

describe('properties', () => {
  it('is a linear extension whose edges are the ones that were asked for', () => {
    fc.assert(
      fc.property(graphs, ({ nodes, packages }) => {
        const graph = buildGraph(packages, nodes)
        expect(graph.problems).toEqual([])
        const order = ids(graph)
        expect(order.toSorted()).toEqual(nodes.map(({ id }) => id).toSorted())
        for (const [position, { parents, after }] of manifestEdges(graph.graph).entries()) {
          const node = nodes[graph.given[position] ?? -1]
          const before = nodes.filter(({ runBefore }) => runBefore?.includes(node?.id ?? '')).map(({ id }) => id)
          const above = node && node.index > 0 ? [`${node.package}:${node.index - 1}`] : []
          const declared = new Set(node?.dependsOn)
          const implied = new Set([...before, ...above].filter((id) => !declared.has(id)))
          expect(new Set(parents.map((at) => order[at]))).toEqual(declared)
          expect(new Set(after.map((at) => order[at]))).toEqual(implied)
          for (const at of [...parents, ...after]) expect(at).toBeLessThan(position)
        }
      }),
    )
  })

  it('does not depend on the order in which nodes and packages are given', () => {
    const shuffled = graphs.chain(({ nodes, packages }) =>
      fc.record({
        nodes: fc.constant(nodes),
        packages: fc.constant(packages),
        otherNodes: fc.shuffledSubarray(nodes, { minLength: nodes.length }),
        otherPackages: fc.shuffledSubarray(packages, { minLength: packages.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ nodes, packages, otherNodes, otherPackages }) => {
        const one = buildGraph(packages, nodes)
        const other = buildGraph(otherPackages, otherNodes)
        expect(ids(other)).toEqual(ids(one))
        expect(manifestEdges(other.graph)).toEqual(manifestEdges(one.graph))
      }),
    )
  })

  it('finds a cycle exactly when there is one, and what it shows is one', () => {
    const any = fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 24 })
    fc.assert(
      fc.property(any, (links) => {
        const nodes = Array.from({ length: 12 }, (_, index) => ({
          id: `p${index}:x`,
          package: `p${index}`,
          index: 0,
          dependsOn: links.filter(([from, to]) => from === index && to !== index).map(([, to]) => `p${to}:x`),
          runBefore: [],
          conflictsWith: [],
        }))
        const problems = buildGraph([], nodes).problems
        for (const problem of problems) {
          if (problem.kind !== 'cycle') throw new Error(problem.kind)
          for (const [index, edge] of problem.edges.entries()) {
            expect(nodes[edge.after]?.dependsOn).toContain(nodes[edge.before]?.id)
            expect(edge.after).toBe(problem.edges[(index + 1) % problem.edges.length]?.before)
          }
        }
        const lengths = problems.map((problem) => (problem.kind === 'cycle' ? problem.edges.length : 0))
        const shortest = shortestByBruteForce(nodes)
        expect(lengths.length === 0 ? Infinity : Math.min(...lengths)).toBe(shortest)
      }),
    )
  })
})

/** Length of a shortest cycle: the first power of the adjacency matrix with a node that reaches itself. */
function shortestByBruteForce(nodes: readonly GraphNode[]): number {
  const step = nodes.map((node) => new Set(node.dependsOn?.map((id) => nodes.findIndex((other) => other.id === id))))
  let reach = step.map((next) => new Set(next))
  for (let length = 1; length <= nodes.length; length++) {
    if (reach.some((set, index) => set.has(index))) return length
    reach = reach.map((set) => new Set([...set].flatMap((index) => [...(step[index] ?? [])])))
  }
  return Infinity
}
