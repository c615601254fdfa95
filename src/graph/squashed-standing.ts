import { type DecidedSquashes, decideSquashes } from './decide-squashes.ts'
import type { Id, ManifestMigration } from './manifest.ts'
import type { Squash } from './squash.ts'
import { endFor, standIns } from './stand-in.ts'
import type { Links, StandingOf } from './standing.ts'

/**
 * Of a manifest with squashes. The build puts a reference to it into such a manifest (`Manifest.squashes`), so that an
 * application without squashes does not carry it.
 */
export const squashedStanding: StandingOf = (migrations, recorded, ids) => {
  const squashes = squashesOf(migrations)
  const decided = decideSquashes(squashes, recorded, ids)
  const replaced = new Set(squashes.flatMap(({ missing }) => missing))
  return { ...decided, links: linksBetween(migrations, decided), replaced }
}

export default squashedStanding

function squashesOf(migrations: readonly ManifestMigration[]): readonly Squash[] {
  const places = new Map(migrations.flatMap(({ formerly }, index) => formerly.map((id): [Id, number] => [id, index])))
  for (const [index, { id }] of migrations.entries()) places.set(id, index)
  return [...migrations.entries()].flatMap(([node, { replaces }]) => {
    if (replaces.length === 0) return []
    const members = replaces.flatMap((id) => places.get(id) ?? [])
    return [{ node, members, missing: replaces.filter((id) => !places.has(id)) }]
  })
}

function linksBetween(all: readonly Links[], decided: DecidedSquashes): readonly Links[] {
  const linked = all.map(() => ({ parents: new Set<number>(), after: new Set<number>() }))
  for (const [index, links] of all.entries()) {
    const end = endFor(decided, index)
    const into = end === undefined ? undefined : linked[end]
    if (!into) continue
    for (const field of ['parents', 'after'] as const)
      for (const before of links[field])
        for (const start of standIns(decided, before)) if (start !== end) into[field].add(start)
  }
  return linked.map(({ parents, after }) => ({ parents: [...parents], after: [...after] }))
}
