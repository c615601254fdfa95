import type { RunCode } from '../diagnostics/run.ts'
import type { Entry } from './entry.ts'

/** What the runtime reads of an entry's data, by its kind. */
const DATA = new Map<string, (data: Readonly<Record<string, unknown>>) => boolean>([
  ['genesis', ({ lineage }) => typeof lineage === 'string'],
  ['up', ({ redo }) => Array.isArray(redo)],
  ['settled', ({ serial }) => typeof serial === 'number'],
  ['checked', () => true],
])

/**
 * Whether the runtime can go by an entry that an adapter has read. The data may be anything where it is not completed.
 *
 * @returns a code where it cannot: `MIG_R0107` for a kind that a newer version wrote, else `MIG_R0221`
 */
export function unreadable({ kind, generation, done, satisfied, open, targets, data }: Entry): RunCode | undefined {
  const isWhole = DATA.get(kind)
  if (!isWhole) return 'MIG_R0107'
  const lists: readonly unknown[] = [satisfied, targets]
  return lists.every(Array.isArray) && open >= 0 && generation >= 0 && (!done || isWhole(Object(data)))
    ? undefined
    : 'MIG_R0221'
}
