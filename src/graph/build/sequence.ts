import { compareCodeUnits } from '../code-units.ts'
import type { GraphNode, GraphPackage } from '../node.ts'
import { at } from '../order/adjacency.ts'
import { rankPackages } from '../order/package-rank.ts'

/** Package by package in the order of their ranks, each in the order of its nodes: what priority means. */
export interface Sequence {
  /** In the order of their ranks, those without nodes included. */
  readonly packages: readonly string[]
  /** Nodes in sequence. */
  readonly nodes: readonly GraphNode[]
  /** Per place in the sequence: the index of the node as given. */
  readonly given: Int32Array
  /** Per place in the sequence: the index of its package. */
  readonly owners: Int32Array
}

export function sequenceOf(packages: readonly GraphPackage[], nodes: readonly GraphNode[]): Sequence {
  const indexOf = new Map<string, number>()
  const owner = new Int32Array(nodes.length)
  const sizes: number[] = []
  for (const [node, { package: name }] of nodes.entries()) {
    let index = indexOf.get(name)
    if (index === undefined) {
      index = sizes.length
      indexOf.set(name, index)
      sizes.push(0)
    }
    owner[node] = index
    sizes[index] = (sizes[index] ?? 0) + 1
  }
  const ranked = [...rankPackages(packages, indexOf.keys()).keys()]
  const starts = new Int32Array(sizes.length)
  const owners = new Int32Array(nodes.length)
  let start = 0
  for (const [rank, name] of ranked.entries()) {
    const index = indexOf.get(name)
    if (index === undefined) continue
    starts[index] = start
    owners.fill(rank, start, start + (sizes[index] ?? 0))
    start += sizes[index] ?? 0
  }
  const given = placeByIndex(nodes, owner, starts, sizes) ?? placeBySort(nodes, owner, starts)
  const sequence: GraphNode[] = []
  for (const index of given) {
    const node = nodes[index]
    if (node) sequence.push(node)
  }
  return { packages: ranked, nodes: sequence, given, owners }
}

/** In O(V), where the indexes of every package are 0, 1, 2 … without gaps; otherwise nothing. */
function placeByIndex(
  nodes: readonly GraphNode[],
  owner: Int32Array,
  starts: Int32Array,
  sizes: readonly number[],
): Int32Array | undefined {
  const given = new Int32Array(nodes.length).fill(-1)
  for (const [node, { index }] of nodes.entries()) {
    const place = at(starts, at(owner, node)) + index
    const inside = Number.isInteger(index) && index >= 0 && index < (sizes[at(owner, node)] ?? 0)
    if (!inside || given[place] !== -1) return undefined
    given[place] = node
  }
  return given
}

function placeBySort(nodes: readonly GraphNode[], owner: Int32Array, starts: Int32Array): Int32Array {
  const sorted = [...nodes.entries()].toSorted(
    ([a, one], [b, other]) =>
      at(starts, at(owner, a)) - at(starts, at(owner, b)) ||
      one.index - other.index ||
      compareCodeUnits(one.id, other.id),
  )
  return Int32Array.from(sorted, ([node]) => node)
}
