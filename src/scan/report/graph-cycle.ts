import type { Source } from '../../diagnostics/diagnostic.ts'
import type { CycleProblem, GraphEdge } from '../../graph/build/problem.ts'
import { type Draft, offsetIn } from '../draft.ts'
import { listed } from './listed.ts'
import { MOST_SOURCES, type Report, sourceAt } from './report.ts'
import { withoutPackage } from './without-package.ts'

const CODES = { both: 'MIG_B0101', parents: 'MIG_B0112', dependencies: 'MIG_B0113' } as const

/** Shows a cycle edge by edge, each where it is written. */
export function reportCycle({ edges, through }: CycleProblem, drafts: readonly Draft[], report: Report): void {
  const ids = edges.slice(0, MOST_SOURCES).map(({ before }) => drafts[before]?.id ?? '')
  if (edges.length > MOST_SOURCES) ids.push(`… (${edges.length - MOST_SOURCES} more)`)
  const steps = edges.slice(0, MOST_SOURCES).map((edge) => stepOf(edge, drafts))
  const owners = new Map(
    edges.flatMap(({ after }) => drafts[after] ?? []).map(({ carrier }) => [carrier.identity, carrier]),
  )
  const origins = [...owners].filter(([, { instance }]) => instance.chain.length > 0)
  const via = origins.map(([name, { instance }]) => `${name}: ${[...instance.chain, instance.name].join(' → ')}`)
  const brought = via.length === 0 ? '' : ` (brought in by ${listed(via, '; ')})`
  report.error(CODES[through], {
    message: `${edges.length} migrations wait for each other: ${[...ids, ...ids.slice(0, 1)].join(' → ')}.${brought}`,
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
  if (kind === 'above')
    return { text: `${second.id} comes after ${first.id}, the one above it, since it names no \`parents\`` }
  if (kind === 'repeatable')
    return {
      text: `${second.id} is repeatable, so it comes after ${first.id}`,
      source: sourceAt(second.source, offsetIn(second, kind)),
    }
  if (kind === 'replaces' && !second.metadata.names.get('replaces')?.includes(reference))
    return { text: `${second.id} comes after what ${first.id} replaces` }
  const speaker = kind === 'runBefore' ? first : second
  const written = kind === 'parents' ? withoutPackage(reference, speaker) : reference
  return {
    text: `${speaker.id} lists '${written}' in \`${kind}\``,
    source: sourceAt(speaker.source, offsetIn(speaker, `${kind}:${written}`, `${kind}:${reference}`, kind)),
  }
}
