import type { HistoryFinding } from './history.ts'

/** What a finding does: stops before anything runs, is told and passes, or passes. */
export type Policy = 'error' | 'warn' | 'allow'

/** The policies that can be chosen. */
export interface HistoryPolicies {
  /** An applied migration follows a pending one of its package by an implied edge. @default 'warn' */
  readonly outOfOrder?: Policy
  /** An applied migration has another hash now. @default 'error', in development 'warn' */
  readonly changed?: Policy
  /** A record of a package of this manifest has no code. @default 'warn' */
  readonly unknown?: Policy
}

/**
 * What is done about a kind of finding. A history that is inconsistent, partly squashed or unbound always stops; what
 * the lock file accepted or retired always passes.
 */
export function policyFor(
  kind: HistoryFinding['kind'],
  { outOfOrder: late = 'warn', changed, unknown = 'warn' }: HistoryPolicies,
  development = false,
): Policy {
  const policies: { readonly [Kind in HistoryFinding['kind']]?: Policy } = {
    changed: changed ?? (development ? 'warn' : 'error'),
    unknown,
    late,
    accepted: 'allow',
    retired: 'allow',
  }
  return policies[kind] ?? 'error'
}
