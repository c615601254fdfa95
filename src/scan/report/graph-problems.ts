import { compareCodeUnits } from '../../graph/code-units.ts'
import type { GraphEdge, GraphProblem } from '../../graph/problem.ts'
import { originOf } from '../packages/carriers.ts'
import { type Draft, offsetIn } from '../draft.ts'
import { nearest } from '../metadata/nearest.ts'
import { type Report, sourceAt } from './report.ts'
import type { Source } from '../../diagnostics/diagnostic.ts'

/**
 * Says where in the files a problem of the graph stands, and what to write.
 *
 * @param drafts What `node` of a problem is an index into.
 * @param proposes Whether to look for the name that was meant.
 */
export function reportProblem(
  problem: GraphProblem,
  drafts: readonly Draft[],
  proposes: boolean,
  report: Report,
): void {
  if (problem.kind === 'duplicate-id') return reportDuplicate(problem, drafts, report)
  if (problem.kind === 'several-heads') return reportHeads(problem, drafts, report)
  if (problem.kind === 'cycle') return reportCycle(problem.edges, drafts, report)
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
    case 'self-dependency':
      return tell('MIG_B0103', 'which is itself', `Remove it from \`${field}\`.`)
    case 'missing-migration': {
      const close = proposes ? closest(reference, drafts) : undefined
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
        `Name the migration that is needed: '${lastOf(reference, drafts) ?? `${reference}:<name>`}', or '${reference}@base' for the first.`,
      )
    case 'bare-reference':
      return tell('MIG_B0107', 'without its package', `Write '${problem.proposal}'.`)
    case 'malformed-reference':
      return tell('MIG_B0108', 'which is no reference', "Write '<package>:<name>', or '<package>@base'.")
    case 'missing-parent': {
      const own = drafts.filter(({ carrier }) => carrier === draft.carrier).map(({ name }) => name)
      const close = proposes ? nearest(written, own) : undefined
      const foreign = written.includes(':') ? `Move '${written}' into \`dependsOn\`.` : undefined
      return tell(
        'MIG_B0109',
        `which is no migration of ${draft.carrier.identity}`,
        foreign ??
          (close === undefined ? `These are: ${namesOf(draft.carrier.identity, drafts)}.` : `Did you mean '${close}'?`),
      )
    }
    case 'conflict': {
      const other = drafts[problem.other]
      return tell(
        'MIG_B0111',
        'and both are here',
        `Leave one of them out: packages: { '${other?.carrier.instance.name ?? ''}': false }`,
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
  const files = same.map(({ source }) => source.file).join(' and ')
  report.error('MIG_B0102', {
    message: `${files} are both ${id}.${first ? originOf(first.carrier.instance) : ''}`,
    fix: 'Change the `id` of one of them, the one that was not released yet.',
    sources: same.map((draft) => sourceAt(draft.source, offsetIn(draft, 'id'))),
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
    message: `${owner} ends in ${ends.length} migrations: ${ends.map(({ id }) => id).join(', ')}.${first ? originOf(first.carrier.instance) : ''}`,
    fix: `Add a migration that brings them together: parents: [${names}]`,
    sources: ends.map((draft) => sourceAt(draft.source, offsetIn(draft, 'parents'))),
  })
}

function reportCycle(edges: readonly GraphEdge[], drafts: readonly Draft[], report: Report): void {
  const ids = [...edges, ...edges.slice(0, 1)].map(({ before }) => drafts[before]?.id ?? '')
  const steps = edges.map((edge) => stepOf(edge, drafts))
  const owners = new Map(
    edges.flatMap(({ after }) => drafts[after] ?? []).map(({ carrier }) => [carrier.identity, carrier]),
  )
  const origins = [...owners].filter(([, { instance }]) => instance.chain.length > 0)
  const via = origins.map(([name, { instance }]) => `${name}: ${[...instance.chain, instance.name].join(' → ')}`)
  const brought = via.length === 0 ? '' : ` (brought in by ${via.join('; ')})`
  report.error('MIG_B0101', {
    message: `${edges.length} migrations wait for each other: ${ids.join(' → ')}.${brought}`,
    fix: `Remove one of these edges: ${steps.map(({ text }) => text).join('; ')}.`,
    sources: steps.flatMap(({ source }) => source ?? []),
  })
}

/** A step of a cycle in words, and where it is written; one that is implied is written nowhere. */
function stepOf(
  { before, after, kind, reference }: GraphEdge,
  drafts: readonly Draft[],
): { text: string; source?: Source } {
  const first = drafts[before]
  const second = drafts[after]
  if (!first || !second) return { text: '' }
  if (kind === 'above') return { text: `${second.id} comes after ${first.id}, the one above it` }
  const speaker = kind === 'runBefore' ? first : second
  const written = kind === 'parents' ? withoutPackage(reference, speaker) : reference
  return {
    text: `${speaker.id} lists '${written}' in \`${kind}\``,
    source: sourceAt(speaker.source, offsetIn(speaker, `${kind}:${written}`, `${kind}:${reference}`, kind)),
  }
}

function withoutPackage(id: string, { carrier }: Draft): string {
  return id.startsWith(`${carrier.identity}:`) ? id.slice(carrier.identity.length + 1) : id
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
  const shown = names.toSorted(compareCodeUnits).slice(0, 5).join(', ')
  return names.length > 5 ? `${shown}, … (${names.length})` : shown
}
