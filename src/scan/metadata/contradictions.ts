import type { Member } from '../../graph/manifest.ts'
import type { FileReport } from '../report/file-report.ts'
import type { Metadata } from './metadata.ts'

interface Rule {
  readonly field: string
  readonly why: string
  readonly fix: string
}

/** What a step says for itself. */
const BESIDE_STEPS: readonly Rule[] = ['up', 'down', 'probe', 'transaction', 'idempotent'].map((field) => ({
  field,
  why: 'each step says it for itself',
  fix: field === 'down' ? 'Move it into the steps, or write down: false.' : 'Move it into the steps.',
}))

/** What asks for a place among the migrations of the package that run once. */
const BESIDE_REPEATABLE: readonly Rule[] = [
  { field: 'steps', why: 'it runs as a whole each time', fix: 'Write one `up`.' },
  { field: 'down', why: 'what it did before is not known any more', fix: 'Remove it, or write down: false.' },
  { field: 'replaces', why: 'a squash runs once', fix: 'Remove one of them.' },
  { field: 'parents', why: 'it follows all that run once', fix: 'Remove it, or name what it needs in `dependsOn`.' },
  { field: 'labels', why: 'it is on no branch', fix: 'Remove it.' },
]

/**
 * Reports fields that cannot both be meant.
 *
 * @param has with what files beside it offer
 */
export function reportContradictions(
  { at, flags, names, traits }: Metadata,
  has: readonly Member[],
  report: FileReport,
): void {
  const reportBeside = (field: string, rules: readonly Rule[]): void => {
    for (const { field: other, why, fix } of rules) {
      // What steps can take back is not written beside them.
      const isSet = other === 'down' ? has.includes('down') && (at.has('down') || field !== 'steps') : says(other)
      if (!isSet) continue
      report.error('MIG_B0315', at.get(other) ?? 0, `\`${other}\` stands beside \`${field}\`: ${why}.`, fix)
    }
  }
  const says = (field: string): boolean =>
    flags.has(field) || names.has(field) || has.some((member) => member === field)
  if (traits?.steps && !traits.repeatable) reportBeside('steps', BESIDE_STEPS)
  if (traits?.repeatable) reportBeside('repeatable', BESIDE_REPEATABLE)
}
