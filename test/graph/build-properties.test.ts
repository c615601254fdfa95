import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BuiltGraph, buildGraph } from '../../src/graph/build/build.ts'
import { manifestEdges } from '../../src/graph/manifest-edges.ts'
import type { GraphProblem } from '../../src/graph/build/problem.ts'
import type { GraphNode, GraphPackage } from '../../src/graph/node.ts'
import { plainNodes } from './cases.ts'

function pack(name: string, dependencies: readonly string[] = [], optional: readonly string[] = []): GraphPackage {
  return { name, dependencies, optional }
}

function ids({ graph }: BuiltGraph): readonly string[] {
  return graph.members.map(({ id }) => id)
}

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

/** With ids instead of indexes. */
function problemsOf(nodes: readonly GraphNode[]): readonly unknown[] {
  const idOf = (node: number): string => nodes[node]?.id ?? ''
  return buildGraph([], nodes).problems.map((problem: GraphProblem) => ({
    ...problem,
    ...('node' in problem ? { node: idOf(problem.node) } : {}),
    ...('other' in problem ? { other: idOf(problem.other) } : {}),
    ...('nodes' in problem ? { nodes: problem.nodes.map(idOf) } : {}),
    ...('heads' in problem ? { heads: problem.heads.map(idOf) } : {}),
    ...('edges' in problem
      ? { edges: problem.edges.map((edge) => ({ ...edge, before: idOf(edge.before), after: idOf(edge.after) })) }
      : {}),
  }))
}

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

  it('does not depend on it for what is wrong either', () => {
    const names = fc.constantFrom('p0:0', 'p0:1', 'p1:0', 'p1:1', 'p2:0', 'p9:0', 'p0', 'p1@base', '1', 'p2:', '')
    const spoiled = plainNodes.chain((nodes) =>
      fc
        .tuple(
          ...nodes.map(() =>
            fc.record(
              {
                dependsOn: fc.array(names),
                parents: fc.array(names),
                replaces: fc.array(names),
                formerly: fc.array(names),
                labels: fc.array(fc.constantFrom('x', 'y', 'p0')),
              },
              { requiredKeys: [] },
            ),
          ),
        )
        .map((specs) => nodes.map((node, index): GraphNode => ({ ...node, ...specs[index] }))),
    )
    const shuffled = spoiled.chain((nodes) =>
      fc.tuple(fc.constant(nodes), fc.shuffledSubarray(nodes, { minLength: nodes.length })),
    )
    fc.assert(
      fc.property(shuffled, ([nodes, others]) => {
        expect(problemsOf(others)).toEqual(problemsOf(nodes))
      }),
      { numRuns: 500 },
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
