import type { RunCode } from '../diagnostics/run.ts'
import type { Entry } from './entry.ts'

const KINDS = 'genesis up down mark step intent settled checked sealed'.split(' ')

/**
 * Whether the runtime can go by an entry that an adapter has read. The data may be anything where it is not completed.
 *
 * @param expected its serial
 * @returns a code where it cannot: `MIG_R0107` for a kind that a newer version wrote, `MIG_R0212` where a migration has
 * ended its own transaction, else `MIG_R0221`
 */
export function unreadable(entry: Entry, expected: number): RunCode | undefined {
  const { serial, kind, target, generation, done, satisfied, open, targets, data } = entry
  if (!KINDS.includes(kind)) return 'MIG_R0107'
  const isWhole =
    serial === expected &&
    !serial === (kind === 'genesis') &&
    typeof target === 'string' &&
    typeof done === 'boolean' &&
    open >= 0 &&
    generation >= 0 &&
    // What announces staged work is looked for by its list.
    [satisfied, targets, generation && done && kind !== 'mark' ? Object(data).redo : []].every(Array.isArray)
  if (!isWhole) return 'MIG_R0221'
  return done ? undefined : 'MIG_R0212'
}
