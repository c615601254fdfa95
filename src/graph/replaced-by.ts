import type { Id, Manifest } from './manifest.ts'

/** Ids that a squash stands for, through squashes in it too, with their former ones. */
export function replacedBy({ migrations }: Manifest, squash: Id): ReadonlySet<Id> {
  const known = new Map(migrations.flatMap((each) => [each.id, ...each.formerly].map((id) => [id, each] as const)))
  const found = new Set<Id>()
  const open = [...(known.get(squash)?.replaces ?? [])]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue
    found.add(id)
    const { id: name, formerly = [], replaces = [] } = known.get(id) ?? {}
    open.push(...(name === undefined ? [] : [name]), ...formerly, ...replaces)
  }
  return found
}
