import { type Graph, idAt, packageAt, positionOf } from '../graph.ts'
import type { Id } from '../manifest.ts'
import { marksOfPackage, positionsIn } from '../marks.ts'
import type { Situation } from '../situation.ts'

/** What a name in a target means. `exact`: the whole of an id, a name or a package's name, which no longer one disputes. */
export type Match =
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'migrations'; readonly positions: readonly number[]; readonly exact: boolean }

/** Everything that a name may mean. Begins of names match active migrations only, whole ids all. */
export function matchName({ graph, active }: Situation, name: string): Match {
  const whole = positionOf(graph, name)
  if (whole !== undefined) return { kind: 'migrations', positions: [whole], exact: true }
  if (hasMigrations(graph, name)) return { kind: 'package', name }
  const part = (position: number): Id => (name.includes(':') ? idAt(graph, position) : nameAt(graph, position))
  const begins = positionsIn(active).filter((position) => part(position).startsWith(name))
  const same = begins.filter((position) => part(position) === name)
  return same.length === 1
    ? { kind: 'migrations', positions: same, exact: true }
    : { kind: 'migrations', positions: same.length > 1 ? same : begins, exact: false }
}

export function hasMigrations(graph: Graph, name: string): boolean {
  return graph.packages.includes(name) && marksOfPackage(graph, name).includes(1)
}

function nameAt(graph: Graph, position: number): string {
  return idAt(graph, position).slice(packageAt(graph, position).length + 1)
}
