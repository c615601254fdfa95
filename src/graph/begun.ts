import type { Id } from './manifest.ts'

/** An entry of a log, as far as it tells what has begun. */
export interface LogLine {
  readonly kind: string
  readonly id: Id | null
  readonly target: string
  readonly generation: number
  readonly data: unknown
}

/**
 * Ids of which a part is there, or may be: steps or statements since the migration was last applied, taken back or marked,
 * or a way back that has begun and not ended.
 */
export function begunIn(logs: readonly (readonly LogLine[])[]): ReadonlySet<Id> {
  return new Set(logs.flatMap((lines) => [...begunInLog(lines)]))
}

function begunInLog(lines: readonly LogLine[]): Iterable<Id> {
  const begun = new Map<string, { readonly id: Id; readonly isSure: boolean }>()
  for (const { kind, id, target, generation, data } of lines) {
    if (id === null || (generation === 0 && kind !== 'step')) continue
    const key = `${target} ${id}`
    const { unfinished, phase, step } = Object(data) as {
      readonly unfinished?: string
      readonly phase?: string
      readonly step?: string
    }
    const isSure = unfinished !== undefined || step !== undefined || phase === 'end'
    if (isSure) begun.set(key, { id, isSure })
    else if (generation > 0) begun.delete(key)
    else if (phase === 'begin' && !begun.has(key)) begun.set(key, { id, isSure })
    else if (phase === 'failed' && begun.get(key)?.isSure === false) begun.delete(key)
  }
  return [...begun.values()].map(({ id }) => id)
}
