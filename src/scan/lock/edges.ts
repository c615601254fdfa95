import { packageOf } from '../../graph/manifest.ts'
import { compareCodeUnits } from '../../graph/code-units.ts'
import { parseReference } from '../../graph/build/reference.ts'
import type { EdgeWord, LockedEdge } from './lock-file.ts'

/** In place of a parent: `parents` is empty, so a branch starts here. */
const NO_PARENT = '-'

/** What a migration says about its order, as the lock file holds it. What cannot be read is left to those who report it. */
export function lockedEdges(owner: string, names: ReadonlyMap<string, readonly string[]>): readonly LockedEdge[] {
  const parents = names.get('parents')
  const written = [
    ...(parents?.length === 0 ? [{ kind: 'parent' as const, to: NO_PARENT, isForeign: false }] : []),
    ...(parents ?? []).map((to) => edgeTo('parent', to, owner)),
    ...(names.get('dependsOn') ?? []).map((to) => edgeTo('needs', to, owner)),
    ...(names.get('runBefore') ?? []).map((to) => edgeTo('before', to, owner)),
  ].filter(({ to }) => !/[\s=!]/.test(to))
  const unique = new Map(written.map((edge) => [`${edge.kind} ${edge.to}`, edge]))
  return [...unique].toSorted(([one], [other]) => compareCodeUnits(one, other)).map(([, edge]) => edge)
}

function edgeTo(kind: EdgeWord, text: string, owner: string): LockedEdge {
  const reference = parseReference(text)
  if (reference.kind === 'migration' && packageOf(text) === owner)
    return { kind, to: text.slice(owner.length + 1), isForeign: false }
  return { kind, to: text, isForeign: kind !== 'parent' && reference.kind !== 'plain' }
}

/** Those that are held against history. */
export function declaredOf(edges: readonly LockedEdge[]): readonly LockedEdge[] {
  return edges.filter(({ kind }) => kind !== 'before')
}

export function sameEdges(one: readonly LockedEdge[], other: readonly LockedEdge[]): boolean {
  return textOf(one) === textOf(other)
}

function textOf(edges: readonly LockedEdge[]): string {
  return edges
    .map(({ kind, to, isForeign }) => `${kind} ${String(isForeign)} ${to}`)
    .toSorted()
    .join('\n')
}
