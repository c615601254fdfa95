import type { Id, ManifestMigration } from './manifest.ts'

/** An entry of a log, as far as it tells what has begun. */
export interface LogLine {
  readonly kind: string
  readonly id: Id | null
  readonly target: string
  readonly generation: number
  readonly data: unknown
}

interface Begun {
  readonly id: Id
  /** A statement that was sent may have been refused. */
  readonly isSure: boolean
  /** Of the entry that ends it, which may be in another log. */
  readonly ends: number
}

/**
 * Ids of which a part is there, or may be: steps or statements since the migration was last applied, taken back or marked,
 * or a way back that has begun and not ended.
 *
 * @param migrations what has begun under a former id has so under the present one, until that has come to an end
 */
export function begunIn(
  logs: readonly (readonly LogLine[])[],
  migrations: readonly Pick<ManifestMigration, 'id' | 'formerly'>[],
): ReadonlySet<Id> {
  const present = new Map(migrations.flatMap(({ id, formerly }) => formerly.map((name) => [name, id] as const)))
  const ended = new Map<Id, number>()
  for (const { id, generation, data } of logs.flat())
    if (id !== null && !isUnfinished(data)) ended.set(id, Math.max(generation, ended.get(id) ?? 0))
  const found = new Set<Id>()
  for (const { id, ends } of logs.flatMap((lines) => begunInLog(lines, present))) {
    const now = present.get(id) ?? id
    const isPast = ends <= (ended.get(id) ?? 0) || (now !== id && (ended.get(now) ?? 0) > 0)
    if (!isPast) found.add(now)
  }
  return found
}

function begunInLog(lines: readonly LogLine[], present: ReadonlyMap<Id, Id>): readonly Begun[] {
  const begun = new Map<string, Begun>()
  for (const { kind, id, target, generation, data } of lines) {
    if (id === null || (generation === 0 && kind !== 'step')) continue
    const key = `${target} ${present.get(id) ?? id}`
    const about = Object(data) as { readonly phase?: string; readonly step?: string; readonly generation?: number }
    const { phase, step, generation: ends = Infinity } = about
    if (isUnfinished(data) || step !== undefined || phase === 'end') begun.set(key, { id, isSure: true, ends })
    else if (generation > 0) begun.delete(key)
    else if (phase === 'begin' && !begun.has(key)) begun.set(key, { id, isSure: false, ends })
    else if (phase === 'failed' && begun.get(key)?.isSure === false) begun.delete(key)
  }
  return [...begun.values()]
}

/** Of a mark: its migration is being taken back. */
function isUnfinished(data: unknown): boolean {
  return Object(data).unfinished !== undefined
}
