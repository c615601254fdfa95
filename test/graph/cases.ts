import * as fc from 'fast-check'
import { buildGraph } from '../../src/graph/build/build.ts'
import type { Graph } from '../../src/graph/graph.ts'
import type { Id } from '../../src/graph/manifest.ts'
import type { GraphNode } from '../../src/graph/node.ts'

export type Spec = Partial<Omit<GraphNode, 'id' | 'package' | 'index'>>

/** Nodes of one package, in order, by name; `parents` by name too. */
export function migrations(owner: string, names: Readonly<Record<string, Spec>>): readonly GraphNode[] {
  return Object.entries(names).map(([name, spec], index) => ({
    id: `${owner}:${name}`,
    package: owner,
    index,
    ...spec,
    ...(spec.parents ? { parents: spec.parents.map((parent) => `${owner}:${parent}`) } : {}),
  }))
}

/** A graph in which nothing is wrong, but that a package may have several heads: a planner must cope with them. */
export function graphWith(nodes: readonly GraphNode[]): Graph {
  const { graph, problems } = buildGraph([], nodes)
  const others = problems.filter(({ kind }) => kind !== 'several-heads')
  if (others.length > 0) throw new Error(JSON.stringify(others))
  return graph
}

interface Drawn {
  readonly owner: number
  readonly index: number
  /** Edges lead to higher levels only, so there is no cycle. */
  readonly level: number
  readonly id: Id
}

/**
 * Packages with chains, branches and merges, and edges of all kinds between them. Without squashes. Every node carries a
 * label of its own.
 */
export const plainNodes: fc.Arbitrary<readonly GraphNode[]> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
    links: fc.array(fc.tuple(fc.nat(), fc.nat(), fc.boolean()), { maxLength: 12 }),
    parents: fc.array(fc.option(fc.array(fc.nat(), { maxLength: 2 }), { freq: 2 }), { minLength: 24, maxLength: 24 }),
  })
  .map(({ sizes, links, parents }) => {
    const all = sizes.flatMap((size, owner) =>
      Array.from({ length: size }, (_, index): Drawn => {
        return { owner, index, level: index * 10 + owner, id: `p${owner}:${index}` }
      }),
    )
    return all.map((drawn, place): GraphNode => {
      const { owner, index, id } = drawn
      const lower = links.flatMap(([a, b, isBefore]) => pair(all, a, b, isBefore, drawn, 'up'))
      const higher = links.flatMap(([a, b, isBefore]) => pair(all, a, b, isBefore, drawn, 'down'))
      const chosen = index === 0 ? [] : parents[place]?.map((parent) => `p${owner}:${parent % index}`)
      const labels = [`from-${owner}.${index}`]
      const own = { id, package: `p${owner}`, index, dependsOn: lower, runBefore: higher, labels }
      return chosen ? { ...own, parents: [...new Set(chosen)] } : own
    })
  })

/** The other end of a link between `a` and `b`, when `drawn` is the end that says it. */
function pair(
  all: readonly Drawn[],
  a: number,
  b: number,
  isBefore: boolean,
  drawn: Drawn,
  side: 'up' | 'down',
): readonly Id[] {
  const [low, high] = [all[a % all.length], all[b % all.length]].toSorted((x, y) => (x?.level ?? 0) - (y?.level ?? 0))
  if (!low || !high || low.level >= high.level || isBefore !== (side === 'down')) return []
  if (side === 'up') return high === drawn ? [low.id] : []
  return low === drawn ? [high.id] : []
}

/** Every id that must come before `id`, by following what nodes say: slow and plain, to compare with. */
export function mustComeBefore(nodes: readonly GraphNode[], id: Id): ReadonlySet<Id> {
  const found = new Set<Id>()
  const open = [id]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const before of directlyBefore(nodes, next))
      if (!found.has(before)) {
        found.add(before)
        open.push(before)
      }
  return found
}

export function directlyBefore(nodes: readonly GraphNode[], id: Id): readonly Id[] {
  const node = nodes.find((each) => each.id === id)
  if (!node) return []
  const above = nodes.find((each) => each.package === node.package && each.index === node.index - 1)
  return [
    ...(node.parents ?? (above ? [above.id] : [])),
    ...(node.dependsOn ?? []),
    ...nodes.filter(({ runBefore }) => runBefore?.includes(id)).map((each) => each.id),
  ]
}

/** Some of the ids, and all that must come before them. */
export function closedSets(nodes: readonly GraphNode[]): fc.Arbitrary<ReadonlySet<Id>> {
  const ids = nodes.map(({ id }) => id)
  return fc.subarray(ids).map((some) => new Set(some.flatMap((id) => [id, ...mustComeBefore(nodes, id)])))
}
