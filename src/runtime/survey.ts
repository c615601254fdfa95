import { type History, type HistoryFinding, examineHistory } from '../graph/history.ts'
import { type Policy, policyFor } from '../graph/policy.ts'
import type { Id } from '../graph/manifest.ts'
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

/** What the caught-up logs say about the manifest. Changes nothing. */
export function survey(run: Run): Survey {
  const { migrations, targets } = run.binding
  const history = examineHistory(run.manifest, {
    hashOf: (index, id) => {
      const committer = migrations[index]?.committer
      return committer?.ups(committer.target).get(id)?.hash
    },
    ids: targets.flatMap((storage) => [...storage.ups(storage.target).keys()]),
  })
  const waiting: BoundMigration[] = []
  const runnable: BoundMigration[] = []
  const isWaiting = new Set<number>()
  const closed = new Set<Storage>()
  for (const index of history.pending) {
    const bound = migrations[index]
    if (!bound) continue
    const { migration, roles } = bound
    const isHeld = migration.held === true && run.options.held !== 'run'
    const { parents = [], after = [] } = history.links[index] ?? {}
    const isBehind = [...parents, ...after].some((position) => isWaiting.has(position))
    if (!isHeld && !isBehind && !roles.some(({ storage }) => closed.has(storage))) {
      runnable.push(bound)
      continue
    }
    waiting.push(bound)
    isWaiting.add(index)
    for (const { storage } of roles) closed.add(storage)
  }
  return { history, runnable, waiting }
}

/** Findings of a history as the policies have them. */
export function judge(
  run: Run,
  findings: readonly HistoryFinding[],
): readonly (Finding & { readonly policy: Policy })[] {
  const development = run.manifest.development === true
  return findings.map((finding) => {
    const policy = policyFor(finding.kind, run.options, development)
    return { id: finding.id, policy, ...inWords(finding) }
  })
}

function inWords(finding: HistoryFinding): Pick<Finding, 'code' | 'text'> {
  const { id } = finding
  switch (finding.kind) {
    case 'changed':
      return {
        code: 'MIG_R0301',
        text: `${id} was applied as ${short(finding.applied)} and is ${short(finding.now)} now.`,
      }
    case 'unknown':
      return { code: 'MIG_R0302', text: `${id} is applied, but this build does not contain it.` }
    case 'late':
      return { code: 'MIG_R0303', text: `${id} comes late: a later one of its package is applied.` }
    case 'inconsistent':
      return { code: 'MIG_R0304', text: `${id} is applied, but ${finding.pending}, which it depends on, is not.` }
    case 'partly-squashed':
      return {
        code: 'MIG_R0305',
        text: `Some of what ${id} replaces is applied, and this is not and is gone from the code: ${finding.gone.join(', ')}.`,
      }
    case 'accepted':
      return { code: 'MIG_R0306', text: `${id} was applied as ${short(finding.applied)}, which the lock file accepts.` }
    case 'retired':
      return { code: 'MIG_R0307', text: `${id} is applied, and was removed from the code on purpose.` }
  }
}

/** The codes that may stop a run, the gravest first. */
const STOPPING = ['MIG_R0304', 'MIG_R0305', 'MIG_R0301', 'MIG_R0302', 'MIG_R0303'] as const

const NEXT = {
  MIG_R0301: 'undo the edit and write a new migration',
  MIG_R0302: 'deploy the newer code, or put the migration back',
  MIG_R0303: 'rename it so that it comes last in its package',
  MIG_R0304: 'find out how it came to this: compare the log with `status`',
  MIG_R0305: 'migrate with a version that still has them, then remove them',
} as const

/**
 * Tells of findings that pass, and stops at those that do not.
 *
 * @throws MigrationError `MIG_R0301` to `MIG_R0305`, listing every finding of the first such code
 */
export function enforce(run: Run, findings: readonly HistoryFinding[]): void {
  const judged = judge(run, findings)
  for (const { code, id, text, policy } of judged) {
    if (policy !== 'warn' || run.findings.some((known) => known.code === code && known.id === id)) continue
    run.findings.push({ code, id, text })
    run.emit({ type: 'finding', finding: { code, id, text } })
  }
  for (const code of STOPPING) {
    const stopping = judged.filter((finding) => finding.policy === 'error' && finding.code === code)
    const first = stopping[0]
    if (!first) continue
    const id: Id = first.id
    const list = stopping.length === 1 ? first.text : stopping.map(({ text }) => `\n  - ${text}`).join('')
    throw new MigrationError(code, list, { id, next: `${NEXT[code]}; nothing ran` })
  }
}

function short(hash: string | null): string {
  return hash === null ? 'no hash' : `${hash.slice(0, 15)}…`
}
