import type { RunCode } from '../diagnostics/run.ts'
import { type History, type HistoryFinding, compareHistory } from '../graph/history.ts'
import type { Id } from '../graph/manifest.ts'
import { plainStanding } from '../graph/standing.ts'
import { type Policy, policyFor } from '../graph/policy.ts'
import type { BoundMigration } from './binding.ts'
import { MigrationError } from './errors.ts'
import type { Finding } from './options.ts'
import type { Run } from './run.ts'
import type { Storage } from './storage.ts'

export interface Survey {
  readonly history: History
  /** Pending and to be run now, in order. */
  readonly runnable: readonly BoundMigration[]
  /** Pending, but held, or behind one that is. */
  readonly waiting: readonly BoundMigration[]
}

/** What the caught-up logs say about the manifest. Changes nothing. @throws MigrationError `MIG_R0109` */
export function survey({ manifest, binding, options }: Run): Survey {
  const { migrations, targets, state } = binding
  const { tenant = null, unbound = [] } = options
  const gone = state.last?.targets.filter(({ target }) => !targets.some((bound) => bound.target === target)) ?? []
  const recordsOf = (target: string | null): readonly Id[] => [...state.ups(target).keys()]
  const applied = {
    hashOf: (index: number, id: Id) => {
      const committer = migrations[index]?.committer
      return committer?.ups(committer.target).get(id)?.hash
    },
    ids: [
      ...targets.flatMap((storage) => [...storage.ups(storage.target).keys()]),
      ...gone.flatMap(({ name, target }) => (unbound.includes(name) ? recordsOf(target) : [])),
    ],
  }
  const history = compareHistory(manifest, applied, manifest.squashes ?? plainStanding)
  for (const seen of gone) {
    const id = recordsOf(seen.target).find((recorded) => history.replaced.has(recorded))
    if (id !== undefined && seen.tenant === tenant && !unbound.includes(seen.name))
      throw new MigrationError('MIG_R0109', `${id} is applied on "${seen.name}", which is not bound.`, { id })
  }
  const runnable: BoundMigration[] = []
  const waiting: BoundMigration[] = []
  const closed = new Set<Storage | number>()
  for (const index of history.pending) {
    const bound = migrations[index]
    if (!bound) continue
    const { parents = [], after = [] } = history.links[index] ?? {}
    const storages = bound.roles.map(({ storage }) => storage)
    const isHeld = bound.migration.held && options.held !== 'run'
    if (!isHeld && ![...storages, ...parents, ...after].some((one) => closed.has(one))) {
      runnable.push(bound)
      continue
    }
    waiting.push(bound)
    for (const one of [index, ...storages]) closed.add(one)
  }
  return { history, runnable, waiting }
}

/** Codes of findings. Those that may stop a run come first, the gravest before the others. */
const CODES = {
  inconsistent: 'MIG_R0304',
  'partly-squashed': 'MIG_R0305',
  changed: 'MIG_R0301',
  unknown: 'MIG_R0302',
  late: 'MIG_R0303',
  accepted: 'MIG_R0306',
  retired: 'MIG_R0307',
} as const satisfies Readonly<Record<HistoryFinding['kind'], RunCode>>

/** Findings of a history as the policies have them. */
export function judge(
  { manifest, options }: Run,
  findings: readonly HistoryFinding[],
): readonly (Finding & { readonly code: RunCode; readonly policy: Policy })[] {
  const development = manifest.development === true
  return findings.map((finding) => {
    const { id, kind } = finding
    return { code: CODES[kind], id, text: `${id} ${inWords(finding)}.`, policy: policyFor(kind, options, development) }
  })
}

function inWords(finding: HistoryFinding): string {
  switch (finding.kind) {
    case 'changed':
    case 'accepted':
      return `was applied as ${short(finding.applied)} and is ${short(finding.now)} now`
    case 'unknown':
    case 'retired':
      return 'is applied and not in this build'
    case 'late':
      return 'comes late: a later one of its package is applied'
    case 'inconsistent':
      return `is applied, but ${finding.pending}, which it depends on, is not`
    case 'partly-squashed':
      return `is a squash that is partly applied, without these, which are gone from the code: ${finding.gone.join(', ')}`
  }
}

/**
 * Tells of findings that pass, and stops at those that do not.
 *
 * @throws MigrationError `MIG_R0301` to `MIG_R0305`, listing every finding of the gravest such code
 */
export function enforce(run: Run, findings: readonly HistoryFinding[]): void {
  const judged = judge(run, findings)
  for (const { policy, ...finding } of judged) {
    if (policy !== 'warn' || run.findings.some(({ code, id }) => code === finding.code && id === finding.id)) continue
    run.findings.push(finding)
    run.emit({ type: 'finding', finding })
  }
  for (const stop of Object.values(CODES)) {
    const stopping = judged.filter(({ policy, code }) => policy === 'error' && code === stop)
    if (stopping[0])
      throw new MigrationError(stop, stopping.map(({ text }) => text).join('\n  '), { id: stopping[0].id })
  }
}

function short(hash: string | null): string {
  return hash?.slice(0, 15) ?? 'no hash'
}
