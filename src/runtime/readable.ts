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
 * @param expected its serial
 * @returns a code where it cannot: `MIG_R0107` for a kind that a newer version wrote, `MIG_R0212` where a migration has
 * ended its own transaction, else `MIG_R0221`
 */
export function unreadable(entry: Entry, expected: number): RunCode | undefined {
  const { serial, kind, target, generation, done, satisfied, open, targets, data } = entry
  const isWhole = DATA.get(kind)
  if (!isWhole) return 'MIG_R0107'
  const isInPlace = serial === expected && (serial === 0) === (kind === 'genesis')
  const isTyped = typeof target === 'string' && typeof done === 'boolean' && open >= 0 && generation >= 0
  if (!isInPlace || !isTyped || !Array.isArray(satisfied) || !Array.isArray(targets)) return 'MIG_R0221'
  if (!done) return 'MIG_R0212'
  return isWhole(Object(data)) ? undefined : 'MIG_R0221'
}
