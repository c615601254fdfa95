import { isDeclared } from './edges.ts'
import { graphOf } from './from-manifest.ts'
import { idAt, positionOf } from './graph.ts'
import { type Id, type Manifest, packageOf } from './manifest.ts'
import { type Marks, positionsIn } from './marks.ts'
import { at } from './order/adjacency.ts'
import { type Situation, situationOfMarks } from './situation.ts'

/** What the logs say was applied. */
export interface AppliedSet {
  /** The recorded hash of `id` on the storage that migration `index` commits on; `undefined`: not applied there. */
  hashOf(index: number, id: Id): string | null | undefined
  /** Every applied id on any bound storage, those of other applications included. */
  readonly ids: Iterable<Id>
}

/**
 * One thing about a history.
 *
 * - `inconsistent` applied, but `pending`, which it declares a dependency on, is not
 * - `partly-squashed` `id` replaces migrations of which some are applied and some of the rest are `gone` from the code
 * - `changed` applied with another hash, which nobody accepted
 * - `accepted` applied with an earlier hash that the lock file accepts
 * - `unknown` applied, of a package of this manifest, and the manifest does not contain it
 * - `retired` the same, but the lock file holds that it was removed on purpose
 * - `late` pending, although an applied one of its package follows it by an implied edge
 */
export type HistoryFinding =
  | { readonly kind: 'inconsistent'; readonly id: Id; readonly pending: Id }
  | { readonly kind: 'partly-squashed'; readonly id: Id; readonly gone: readonly Id[] }
  | { readonly kind: 'changed' | 'accepted'; readonly id: Id; readonly applied: string | null; readonly now: string }
  | { readonly kind: 'unknown' | 'retired' | 'late'; readonly id: Id }

export interface History {
  readonly situation: Situation
  /** Indexes into the manifest, in order: what `up` would run. */
  readonly pending: readonly number[]
  readonly findings: readonly HistoryFinding[]
}

/** Compares a manifest with what was applied. Applied is a set, never a high-water mark. */
export function examineHistory(manifest: Manifest, applied: AppliedSet): History {
  const graph = graphOf(manifest.migrations)
  const recorded = new Uint8Array(manifest.migrations.length)
  const findings: HistoryFinding[] = []
  for (const [index, { id, formerly, hash, accepted }] of manifest.migrations.entries()) {
    const found = [id, ...formerly].map((name) => applied.hashOf(index, name)).find((value) => value !== undefined)
    if (found === undefined) continue
    recorded[index] = 1
    if (found === hash) continue
    const isAccepted = found !== null && accepted.includes(found)
    findings.push({ kind: isAccepted ? 'accepted' : 'changed', id, applied: found, now: hash })
  }
  const ids = new Set(applied.ids)
  const situation = situationOfMarks(graph, recorded, ids)
  const pending = situation.active.map((mark, index) => (mark === 1 && situation.applied[index] === 0 ? 1 : 0))
  return {
    situation,
    pending: positionsIn(pending),
    findings: [
      ...findings,
      ...inconsistent(situation),
      ...situation.partial.map(({ position, gone }) => {
        return { kind: 'partly-squashed' as const, id: idAt(graph, position), gone }
      }),
      ...late(situation, pending),
      ...withoutCode(manifest, situation, ids),
    ],
  }
}

function inconsistent({ graph, applied }: Situation): readonly HistoryFinding[] {
  const { offsets, before, kinds } = graph.edges
  return positionsIn(applied).flatMap((position): readonly HistoryFinding[] => {
    const missing = new Set<number>()
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++)
      if (applied[at(before, slot)] === 0 && isDeclared(kinds[slot] ?? 0)) missing.add(at(before, slot))
    const id = idAt(graph, position)
    return Array.from(missing, (start) => ({ kind: 'inconsistent', id, pending: idAt(graph, start) }))
  })
}

/** An applied one of the same package follows by implied edges: one sweep from the end. */
function late({ graph, applied }: Situation, pending: Marks): readonly HistoryFinding[] {
  const { edges, owners } = graph
  const { offsets, before, kinds } = edges
  const followed = new Uint8Array(applied.length)
  for (let position = applied.length - 1; position >= 0; position--) {
    if (applied[position] === 0 && followed[position] === 0) continue
    for (let slot = at(offsets, position); slot < at(offsets, position + 1); slot++) {
      const start = at(before, slot)
      if (!isDeclared(kinds[slot] ?? 0) && at(owners, start) === at(owners, position)) followed[start] = 1
    }
  }
  return positionsIn(pending)
    .filter((position) => followed[position] === 1)
    .map((position) => ({ kind: 'late', id: idAt(graph, position) }))
}

function withoutCode(manifest: Manifest, { graph }: Situation, ids: ReadonlySet<Id>): readonly HistoryFinding[] {
  const retired = new Set(manifest.retired)
  const packages = new Set(graph.packages)
  return [...ids].flatMap((id): readonly HistoryFinding[] => {
    if (positionOf(graph, id) !== undefined || !packages.has(packageOf(id))) return []
    if (retired.has(id)) return [{ kind: 'retired', id }]
    return graph.squashes.replacerOfMissing.has(id) ? [] : [{ kind: 'unknown', id }]
  })
}
