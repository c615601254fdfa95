import type { GraphProblem } from '../../graph/build/problem.ts'
import type { Id } from '../../graph/manifest.ts'
import { type Draft, offsetIn } from '../draft.ts'
import { type Report, sourceAt } from '../report/report.ts'
import type { Locked } from './lock.ts'
import { COMMAND, workable } from './report-changes.ts'
import type { LockUse } from './use.ts'

/**
 * What refers to a migration that is left out does not lack it: somebody has to review that one.
 *
 * @param drafts what `node` of a problem is an index into
 * @returns whether it is such a problem
 */
export function reportLeftOut(
  problem: GraphProblem,
  drafts: readonly Draft[],
  { leftOut, file }: Pick<Locked, 'leftOut' | 'file'>,
  use: LockUse,
  report: Report,
): boolean {
  if (problem.kind !== 'missing-migration' && problem.kind !== 'absent-package') return false
  const { reference, field, node } = problem
  const draft = drafts[node]
  const isWhole = problem.kind === 'absent-package' && isLeftOut(problem.package, leftOut)
  if (!draft || !(isWhole || leftOut.has(reference))) return false
  const about = {
    message: `${draft.id} lists ${JSON.stringify(reference)} in \`${field}\`, which is left out: nobody has reviewed it.`,
    fix: `Read it, then run: ${COMMAND}`,
    sources: [sourceAt(draft.source, offsetIn(draft, `${field}:${reference}`, field))],
  }
  report.error('MIG_B0509', workable({ file, use }, about))
  return true
}

function isLeftOut(owner: string, leftOut: ReadonlySet<Id>): boolean {
  return [...leftOut].some((id) => id.startsWith(`${owner}:`))
}
