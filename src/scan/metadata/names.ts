import type { Source } from '../../diagnostics/diagnostic.ts'
import { originOf } from '../packages/carriers.ts'
import { type Draft, offsetIn } from '../draft.ts'
import { nameProblem, shownName } from './name.ts'
import { type Report, sourceAt } from '../report/report.ts'

/** Reports names outside the grammar, and names of one package that differ only in case. */
export function checkNames(drafts: readonly Draft[], report: Report): void {
  const folded = new Map<string, Draft>()
  for (const draft of drafts) {
    const { id, name, carrier, source } = draft
    const here = (): Source => sourceAt(source, offsetIn(draft, 'id'))
    const problem = nameProblem(name)
    if (problem !== undefined)
      report.error('MIG_B0209', {
        message: `The name ${shownName(name)} of a migration of ${carrier.identity} ${problem}.${originOf(carrier.instance)}`,
        fix:
          draft.metadata.id === undefined
            ? `Rename the file, for example to ${proposal(name)}.`
            : `Give it another \`id\`, for example '${proposal(name)}'.`,
        sources: [here()],
      })
    const key = id.normalize('NFKC').toLowerCase()
    const other = folded.get(key)
    if (other && other.id !== id)
      report.error('MIG_B0210', {
        message: `${plain(other.id)} and ${plain(id)} differ only in case.${originOf(carrier.instance)}`,
        fix: 'Rename one of them.',
        sources: [sourceAt(other.source, offsetIn(other, 'id')), here()],
      })
    if (!other) folded.set(key, draft)
  }
}

/** An id in a sentence, as it stands where it is as it should be. */
function plain(id: string): string {
  return shownName(id).slice(1, -1)
}

function proposal(name: string): string {
  const segments = name
    .slice(0, 100)
    .normalize('NFKD')
    .split('/')
    .map((segment) =>
      segment
        .replaceAll(/[^A-Za-z0-9._-]+/g, '_')
        .replace(/^[^A-Za-z0-9]+/, '')
        .replace(/[.]+$/, ''),
    )
  return segments.map((segment) => (nameProblem(segment) === undefined ? segment : `m_${segment || '1'}`)).join('/')
}
