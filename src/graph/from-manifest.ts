import { connectSquashes } from './build/connect.ts'
import { ABOVE, DEPENDS_ON, EdgeList, PARENTS, RUN_BEFORE, groupEdges } from './edges.ts'
import type { Graph, GraphMember } from './graph.ts'
import { type Id, packageOf } from './manifest.ts'
import { at } from './order/adjacency.ts'
import { squashTable } from './squash.ts'

/** What a manifest says about the order of a migration. */
export interface ManifestNode extends GraphMember {
  readonly replaces: readonly Id[]
  readonly formerly: readonly Id[]
  /** Declared edges, as indexes into the manifest. */
  readonly parents: readonly number[]
  /** Implied edges, as indexes into the manifest. */
  readonly after: readonly number[]
}

/**
 * The graph of a manifest, which is ordered already. It tells declared edges from implied ones and its own package from
 * others: that is how edges get their kinds back, so that a `dependsOn` inside a package counts as `parents`.
 */
export function graphOf(members: readonly ManifestNode[]): Graph {
  const numbers = new Map<Id, number>()
  const packages = new Map<string, number>()
  const owners = new Int32Array(members.length)
  const edges = new EdgeList(members.length * 2)
  const replacing: [number, readonly Id[]][] = []
  for (const [position, { id, formerly, parents, after, replaces }] of members.entries()) {
    numbers.set(id, position)
    for (const former of formerly) if (!numbers.has(former)) numbers.set(former, position)
    const name = packageOf(id)
    const owner = packages.get(name) ?? packages.size
    packages.set(name, owner)
    owners[position] = owner
    for (const before of parents) edges.push(before, position, at(owners, before) === owner ? PARENTS : DEPENDS_ON)
    for (const before of after) edges.push(before, position, at(owners, before) === owner ? ABOVE : RUN_BEFORE)
    if (replaces.length > 0) replacing.push([position, replaces])
  }
  const squashes = squashTable(replacing, (id) => numbers.get(id)).table
  connectSquashes(edges, squashes)
  const places = Int32Array.from(members.keys())
  return {
    members,
    edges: groupEdges(members.length, edges, places),
    packages: [...packages.keys()],
    owners,
    numbers,
    places,
    squashes,
  }
}
