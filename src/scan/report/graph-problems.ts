import { compareCodeUnits } from '../../graph/code-units.ts'
import type { GraphProblem } from '../../graph/build/problem.ts'
import { originOf } from '../packages/carriers.ts'
import { type Draft, offsetIn } from '../draft.ts'
import { nearest } from '../metadata/nearest.ts'
import { reportCycle } from './graph-cycle.ts'
import { reportRunsLater } from './graph-later.ts'
import { withoutPackage } from './without-package.ts'
import { listed } from './listed.ts'
import { packageOption } from './package-option.ts'
import { MOST_SOURCES, type Report, sourceAt } from './report.ts'
import type { Source } from '../../diagnostics/diagnostic.ts'

/**
 * Says where in the files a problem of the graph stands, and what to write.
 *
 * @param drafts What `node` of a problem is an index into.
 * @param proposes Whether to look for the name that was meant, which takes time for each migration that there is.
 */
export function reportProblem(
  problem: GraphProblem,
  drafts: readonly Draft[],
  proposes: boolean,
  report: Report,
): void {
  if (problem.kind === 'duplicate-id') return reportDuplicate(problem, drafts, report)
  if (problem.kind === 'several-heads') return reportHeads(problem, drafts, report)
  if (problem.kind === 'cycle') return reportCycle(problem, drafts, report)
  if (problem.kind === 'runs-later') return reportRunsLater(problem, drafts, report)
  if (problem.kind === 'label-conflict') return reportLabelConflict(problem, drafts, report)
  if (problem.kind === 'unusable-label') return reportLabel(problem, drafts, report)
  const draft = drafts[problem.node]
  if (!draft) return
  const { reference, field } = problem
  const written = field === 'parents' ? withoutPackage(reference, draft) : reference
  const source = sourceAt(draft.source, offsetIn(draft, `${field}:${written}`, `${field}:${reference}`, field))
  const says = `${draft.id} lists ${JSON.stringify(written)} in \`${field}\``
  const tell = (code: Parameters<Report['error']>[0], what: string, fix: string, ...more: readonly Source[]): void =>
    report.error(code, {
      message: `${says}, ${what}.${originOf(draft.carrier.instance)}`,
      fix,
      sources: [source, ...more],
    })
  switch (problem.kind) {
    case 'self-parent':
      return tell(
        'MIG_B0114',
        'which is itself',
        'Remove it from `parents`. Without the whole field, a migration follows the one above it.',
      )
    case 'self-dependency':
      return tell('MIG_B0103', 'which is itself', `Remove it from \`${field}\`.`)
    case 'missing-migration': {
      if (!proposes) return tell('MIG_B0104', 'which does not exist', 'Correct the name.')
      const close = closest(reference, drafts)
      const owner = reference.slice(0, reference.lastIndexOf(':'))
      return tell(
        'MIG_B0104',
        'which does not exist',
        close === undefined ? `These exist: ${namesOf(owner, drafts)}.` : `Did you mean '${close}'?`,
      )
    }
    case 'absent-package':
      return tell(
        'MIG_B0105',
        problem.installed
          ? `but ${problem.package} brings no migrations`
          : `but ${problem.package} is not installed, or is left out by the option \`packages\``,
        `Install a version of ${problem.package} that brings it. Where ${draft.carrier.identity} works without, write into its package.json: "optionalDependencies": { "${problem.package}": "*" }`,
      )
    case 'floating-reference':
      return tell(
        'MIG_B0106',
        'which is a package and not a migration',
        `Name the migration that is needed: '${(proposes ? lastOf(reference, drafts) : undefined) ?? `${reference}:<name>`}', or '${reference}@base' for the first.`,
      )
    case 'bare-reference':
      return tell('MIG_B0107', 'without its package', `Write '${problem.proposal}'.`)
    case 'malformed-reference':
      return tell(
        'MIG_B0108',
        'which is no reference',
        "Write '<package>:<name>', or '<package>@base' for its first ones.",
      )
    case 'missing-parent': {
      if (!proposes) return tell('MIG_B0109', `which is no migration of ${draft.carrier.identity}`, 'Correct the name.')
      const own = drafts.filter(({ carrier }) => carrier === draft.carrier).map(({ name }) => name)
      const close = nearest(written, own)
      const foreign = written.includes(':') ? `Move '${written}' into \`dependsOn\`.` : undefined
      return tell(
        'MIG_B0109',
        `which is no migration of ${draft.carrier.identity}`,
        foreign ??
          (close === undefined ? `These are: ${namesOf(draft.carrier.identity, drafts)}.` : `Did you mean '${close}'?`),
      )
    }
    case 'replace-conflict': {
      const other = drafts[problem.other]
      return tell(
        'MIG_B0117',
        `which ${other?.id ?? ''} replaces too`,
        `Where ${draft.id} is the newer one, list '${other?.id ?? ''}' in its \`replaces\` as well.`,
        ...(other ? [sourceAt(other.source, offsetIn(other, `replaces:${reference}`, 'replaces'))] : []),
      )
    }
    case 'conflict': {
      const other = drafts[problem.other]
      return tell(
        'MIG_B0111',
        'and both are here',
        leavingOut([other, draft]),
        ...(other ? [sourceAt(other.source, 0)] : []),
      )
    }
  }
}

function reportDuplicate(
  { id, nodes }: GraphProblem & { readonly kind: 'duplicate-id' },
  drafts: readonly Draft[],
  report: Report,
): void {
  const same = nodes.flatMap((node) => drafts[node] ?? [])
  const [first] = same
  const files = same.map((draft) => `${draft.source.file}${draft.id === id ? '' : ` (now ${draft.id})`}`)
  const isFormer = same.some((draft) => draft.id !== id)
  report.error('MIG_B0102', {
    message: `${listed(files, ' and ')} are ${files.length > 2 ? 'all' : 'both'} ${id}.${first ? originOf(first.carrier.instance) : ''}`,
    fix: isFormer
      ? 'Take it out of `formerly`, or give the other one another `id`.'
      : 'Change the `id` of one of them, the one that was not released yet.',
    sources: same
      .slice(0, MOST_SOURCES)
      .map((draft) =>
        sourceAt(draft.source, offsetIn(draft, ...(draft.id === id ? ['id'] : [`formerly:${id}`, 'formerly']))),
      ),
  })
}

function reportHeads(
  { package: owner, heads }: GraphProblem & { readonly kind: 'several-heads' },
  drafts: readonly Draft[],
  report: Report,
): void {
  const ends = heads.flatMap((node) => drafts[node] ?? [])
  const [first] = ends
  const names = ends.map(({ name }) => `'${name}'`).join(', ')
  report.error('MIG_B0110', {
    message: `${owner} ends in ${ends.length} migrations that no later one joins: ${listed(ends.map(({ id }) => id))}.${first ? originOf(first.carrier.instance) : ''}`,
    fix: `Add a migration that brings them together: parents: [${names}]`,
    sources: ends.slice(0, MOST_SOURCES).map((draft) => sourceAt(draft.source, offsetIn(draft, 'parents'))),
  })
}

function reportLabelConflict(
  { label, nodes }: GraphProblem & { readonly kind: 'label-conflict' },
  drafts: readonly Draft[],
  report: Report,
): void {
  const both = nodes.flatMap((node) => drafts[node] ?? [])
  const [first] = both
  report.error('MIG_B0115', {
    message: `${both.map(({ id }) => id).join(' and ')} carry the label ${JSON.stringify(label)}, and neither follows the other in its package.${first ? originOf(first.carrier.instance) : ''}`,
    fix: 'Give one of them another label.',
    sources: both.map((draft) => sourceAt(draft.source, offsetIn(draft, `labels:${label}`, 'labels'))),
  })
}

function reportLabel(
  { label, node }: GraphProblem & { readonly kind: 'unusable-label' },
  drafts: readonly Draft[],
  report: Report,
): void {
  const draft = drafts[node]
  if (!draft) return
  const isPackage = drafts.some(({ carrier }) => carrier.identity === label)
  report.error('MIG_B0116', {
    message: `The label ${JSON.stringify(label)} of ${draft.id} ${isPackage ? 'is the name of a package' : 'is not made of letters, digits and ._/-'}.${originOf(draft.carrier.instance)}`,
    fix: 'Choose another label.',
    sources: [sourceAt(draft.source, offsetIn(draft, `labels:${label}`, 'labels'))],
  })
}

/** Of two that exclude each other, one that a package brought in. */
function leavingOut(both: readonly (Draft | undefined)[]): string {
  const foreign = both.find((draft) => draft !== undefined && draft.carrier.instance.chain.length > 0)
  if (!foreign) return 'Remove one of them.'
  return `Leave one of them out: ${packageOption(foreign.carrier.instance.name, 'false')}`
}

function closest(reference: string, drafts: readonly Draft[]): string | undefined {
  return nearest(
    reference,
    drafts.map(({ id }) => id),
  )
}

function lastOf(owner: string, drafts: readonly Draft[]): string | undefined {
  return drafts.findLast(({ carrier }) => carrier.identity === owner)?.id
}

function namesOf(owner: string, drafts: readonly Draft[]): string {
  const names = drafts.filter(({ carrier }) => carrier.identity === owner).map(({ id }) => id)
  return listed(names.toSorted(compareCodeUnits))
}
