import type { Id } from '../graph/manifest.ts'
import type { Entry, EntryKind } from '../runtime/entry.ts'
import type { Json } from '../runtime/handles.ts'
import { catchUp } from '../runtime/migrate.ts'
import type { Run } from '../runtime/run.ts'
import type { Storage } from '../runtime/storage.ts'
import { readHeads } from './read.ts'

/** One entry of a log, as people want it. */
export interface HistoryLine {
  /** The adapter in whose log it stands, and its place there. */
  readonly log: string
  readonly serial: number
  /** As the clock of the writer had it. */
  readonly at: string
  readonly kind: EntryKind
  readonly id: Id | null
  /** The adapter whose change it tells of; a UUID where it is not bound. */
  readonly target: string
  readonly generation: number
  readonly attempt: string
  /** `false`: it ended its own transaction, so nobody knows what took effect. */
  readonly done: boolean
  readonly hash: string | null
  /** What the kind adds: how long it took, why and by whom it was marked, where the state went. */
  readonly data: Json
}

export interface HistoryFilter {
  /** Of this migration only, as the logs name it. */
  readonly id?: Id
  /** The last so many. */
  readonly last?: number
}

/**
 * What all logs tell. A record in the state store repeats a marker of its target: it is left out where the marker can be
 * read. Entries of one log keep their order; between logs, the clocks of those who wrote them decide.
 */
export async function history(run: Run, { id, last }: HistoryFilter): Promise<readonly HistoryLine[]> {
  await readHeads(run)
  await catchUp(run)
  const names = new Map(run.storages.map(({ target, name }) => [target, name]))
  const logs = run.storages.map((storage) =>
    linesOf(storage, names).filter((line) => id === undefined || line.id === id),
  )
  const lines = merged(logs)
  return last === undefined ? lines : lines.slice(Math.max(0, lines.length - last))
}

function linesOf(
  { name, target: own, entries }: Storage,
  names: ReadonlyMap<string | null, string>,
): readonly HistoryLine[] {
  const isRepeated = ({ target, generation }: Entry): boolean => generation > 0 && target !== own && names.has(target)
  // The runtime goes by what was said about it since.
  const isResolved = ({ serial, attempt }: Entry): boolean => {
    const next = entries[serial + 1]
    return next?.kind === 'mark' && next.attempt === attempt
  }
  return entries
    .filter((entry) => !isRepeated(entry))
    .map((entry) => {
      const { serial, at, kind, id, target, generation, attempt, hash, data } = entry
      const about = { serial, at, kind, id, generation, attempt, done: entry.done && !isResolved(entry), hash, data }
      return { log: name, target: names.get(target) ?? target, ...about }
    })
}

/** The earliest of the heads, again and again. */
function merged(logs: readonly (readonly HistoryLine[])[]): readonly HistoryLine[] {
  const lines: HistoryLine[] = []
  const places = logs.map(() => 0)
  for (;;) {
    let next = -1
    for (const [index, log] of logs.entries()) {
      const head = log[places[index] ?? 0]
      const best = logs[next]?.[places[next] ?? 0]
      if (head && (!best || head.at < best.at)) next = index
    }
    const line = logs[next]?.[places[next] ?? 0]
    if (!line) return lines
    lines.push(line)
    places[next] = (places[next] ?? 0) + 1
  }
}
