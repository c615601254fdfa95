import type { ManifestMigration } from '../../graph/manifest.ts'
import { entriesUnderAnyName } from '../entries-about.ts'
import type { Entry } from '../entry.ts'
import type { Storage } from '../storage.ts'

/**
 * What a `step` entry holds that tells of a statement, and not of a step: `begin` it is sent now · `end` it has taken
 * effect, with all before it · `failed` it was refused, and did not.
 */
export type JournalData = {
  readonly phase: 'begin' | 'end' | 'failed'
  /** Place of the statement among those of its unit of work, from 1. */
  readonly k: number
  /** SHA-256 over the texts of all statements up to it: only the same ones are skipped. */
  readonly statement: string
  /** Where somebody says what became of it. */
  readonly reason?: string
  readonly who?: string | null
}

/** What a unit of work has left behind that is not complete. */
export interface Journal {
  /** How many of its statements have taken effect. */
  readonly done: number
  /** Over their texts. */
  readonly statement: string
  /** One that was sent, and whose end nobody has seen. */
  readonly unclear: (JournalData & { readonly attempt: string }) | undefined
  /** The last statement was refused. */
  readonly hasFailed: boolean
  /** The last try that left something. */
  readonly attempt: string | undefined
}

/**
 * Since the migration was last applied, taken back, or marked, or a step of it ended; what has begun under a former id goes
 * on. The log must be caught up.
 */
export function journalOf(storage: Storage, migration: Pick<ManifestMigration, 'id' | 'formerly'>): Journal {
  const own = entriesUnderAnyName(storage, migration).filter(({ target }) => target === storage.target)
  const isEnd = (entry: Entry): boolean => entry.generation > 0 || (entry.kind === 'step' && !journalData(entry))
  const lines = own.slice(own.findLastIndex(isEnd) + 1).flatMap((entry) => {
    const data = journalData(entry)
    return data ? { ...data, attempt: entry.attempt } : []
  })
  const ended = lines.findLast(({ phase }) => phase === 'end')
  const last = lines.at(-1)
  return {
    done: ended?.k ?? 0,
    statement: ended?.statement ?? '',
    unclear: last?.phase === 'begin' ? last : undefined,
    hasFailed: last?.phase === 'failed',
    attempt: last?.attempt,
  }
}

/** `undefined`: the entry tells of something else. */
export function journalData({ kind, data }: Entry): JournalData | undefined {
  return kind === 'step' && Object(data).phase ? (data as JournalData) : undefined
}
