import type { DecidedSquashes } from './decide-squashes.ts'
import type { ManifestMigration } from './manifest.ts'
import { endFor, standIns } from './stand-in.ts'

/** Edges into one migration, as indexes into a manifest. */
export type Links = Pick<ManifestMigration, 'parents' | 'after'>

/** The edges of a manifest between the migrations that take part. */
export function linksBetween(all: readonly Links[], decided: DecidedSquashes): readonly Links[] {
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
