import type { RunCode } from '../diagnostics/run.ts'
import type { HistoryFinding } from '../graph/history.ts'
import { type Policy, policyFor } from '../graph/policy.ts'
import { MigrationError } from './errors.ts'
import type { Finding } from './options.ts'
import type { Run } from './run.ts'

const CODES = {
  unbound: 'MIG_R0109',
  changed: 'MIG_R0301',
  unknown: 'MIG_R0302',
  late: 'MIG_R0303',
  inconsistent: 'MIG_R0304',
  'partly-squashed': 'MIG_R0305',
  accepted: 'MIG_R0306',
  retired: 'MIG_R0307',
} as const satisfies Readonly<Record<HistoryFinding['kind'], RunCode>>

interface Judged extends Finding {
  readonly code: RunCode
  readonly policy: Policy
}

/** Findings of a history as the policies have them. */
export function judge({ manifest, options }: Run, findings: readonly HistoryFinding[]): readonly Judged[] {
  return findings.map((finding) => {
    const { id, kind, ...facts } = finding
    const text = [kind, ...Object.values(facts)].join(': ')
    return { code: CODES[kind], id, text, policy: policyFor(kind, options, manifest.development) }
  })
}

/**
 * Tells of findings that pass, and stops at those that do not.
 *
 * @throws MigrationError `MIG_R0109`, `MIG_R0301` to `MIG_R0305`: of the first finding that stops, listing all that do
 */
export function enforce(run: Run, findings: readonly HistoryFinding[]): void {
  const judged = judge(run, findings)
  for (const { policy, ...finding } of judged) {
    if (policy !== 'warn' || run.findings.some(({ id, code }) => id === finding.id && code === finding.code)) continue
    run.findings.push(finding)
    void run.emit({ type: 'finding', finding })
  }
  const [first, ...others] = judged.filter(({ policy }) => policy === 'error')
  if (!first) return
  const { code, id, text } = first
  throw new MigrationError(code, [text, ...others.map((one) => `${one.id}: ${one.text}`)].join('\n  '), { id })
}
