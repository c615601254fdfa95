import type { LaterProblem } from '../../graph/build/problem.ts'
import { type Draft, offsetIn } from '../draft.ts'
import { originOf } from '../packages/carriers.ts'
import { type Report, sourceAt } from './report.ts'
import { withoutPackage } from './without-package.ts'

/** Shows who needs what may run later, and where that says so. */
export function reportRunsLater({ edge, trait }: LaterProblem, drafts: readonly Draft[], report: Report): void {
  const { kind, reference } = edge
  const before = drafts[edge.before]
  const after = drafts[edge.after]
  if (!before || !after) return
  const speaker = kind === 'runBefore' ? before : after
  const written = kind === 'parents' ? withoutPackage(reference, speaker) : reference
  const isDeferred = trait === 'deferrable'
  const waits = isDeferred
    ? 'is deferrable, so a run may leave it to another one'
    : 'always runs, after everything else'
  report.error('MIG_B0317', {
    message: `${speaker.id} lists ${JSON.stringify(written)} in \`${kind}\`, but ${before.id} ${waits}.${originOf(speaker.carrier.instance)}`,
    fix: isDeferred
      ? `Make ${after.id} deferrable as well, or ${before.id} not.`
      : `Remove it from \`${kind}\`, or let ${before.id} run once.`,
    sources: [
      sourceAt(speaker.source, offsetIn(speaker, `${kind}:${written}`, `${kind}:${reference}`, kind)),
      sourceAt(before.source, offsetIn(before, trait)),
    ],
  })
}
