import { begunIn } from './begun.ts'
import { type BegunMigrations, type DecidedSquashes, decideSquashes } from './decide-squashes.ts'
import type { Id, ManifestMigration } from './manifest.ts'
import type { Squash } from './squash.ts'
import { endFor, standIns } from './stand-in.ts'
import type { HistoryFinding } from './history.ts'
import type { Links, Recorded, RecordedTarget, StandingOf } from './standing.ts'

/**
 * Of a manifest with squashes. The build puts a reference to it into such a manifest (`Manifest.squashes`), so that an
 * application without squashes does not carry it.
 */
export const squashedStanding: StandingOf = (migrations, marks, recorded) => {
  const squashes = squashesOf(migrations)
  const replaced = new Set(squashes.flatMap(({ missing }) => missing))
  const ids = new Set(recorded.ids)
  const findings: HistoryFinding[] = []
  for (const { name, target } of unboundTargets(recorded))
    for (const id of recorded.state?.applied(target) ?? [])
      if (recorded.options?.unbound?.includes(name)) ids.add(id)
      else if (replaced.has(id)) findings.push({ kind: 'unbound', id, storage: name })
  const { partial, ...decided } = decideSquashes(squashes, marks, ids, begunAmong(migrations, recorded))
  for (const { position, gone } of partial)
    findings.push({ kind: 'partly-squashed', id: migrations[position]?.id ?? '', gone })
  return { ...decided, links: linksBetween(migrations, decided), replaced, findings }
}

export default squashedStanding

function begunAmong(migrations: readonly ManifestMigration[], { state, targets = [] }: Recorded): BegunMigrations {
  const logs = new Set([state, ...targets])
  const lines = [...logs].flatMap((log) => (log?.entries ? [log.entries] : []))
  const ids = begunIn(lines, migrations)
  return { ids, marks: Uint8Array.from(migrations, ({ id }) => Number(ids.has(id))) }
}

/** What this tenant saw once and has not bound. */
function unboundTargets({ state, targets = [], options = {} }: Recorded): readonly RecordedTarget[] {
  const { tenant = null } = options
  const seen = state?.last?.targets.filter((known) => known.tenant === tenant) ?? []
  return seen.filter(({ target }) => !targets.some((bound) => bound.target === target))
}

function squashesOf(migrations: readonly ManifestMigration[]): readonly Squash[] {
  const places = new Map(migrations.flatMap(({ formerly }, index) => formerly.map((id): [Id, number] => [id, index])))
  for (const [index, { id }] of migrations.entries()) places.set(id, index)
  return [...migrations.entries()].flatMap(([node, { replaces }]) => {
    if (replaces.length === 0) return []
    const members = replaces.flatMap((id) => places.get(id) ?? [])
    return [{ node, members, missing: replaces.filter((id) => !places.has(id)) }]
  })
}

function linksBetween(all: readonly Links[], decided: Pick<DecidedSquashes, 'active' | 'instead'>): readonly Links[] {
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
