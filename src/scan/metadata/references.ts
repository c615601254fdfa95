import { type Draft, offsetIn } from '../draft.ts'
import { parseReference } from '../../graph/build/reference.ts'
import { originOf } from '../packages/carriers.ts'
import { type Report, sourceAt } from '../report/report.ts'
import { nameProblem, packageNameProblem, shownName } from './name.ts'

/** Fields that may name what is not here, so that the graph does not look at what they name. */
const UNCHECKED: ReadonlySet<string> = new Set(['conflictsWith', 'formerly'])
const NAMING = ['dependsOn', 'runBefore', 'replaces', ...UNCHECKED]

/**
 * Reports references that no migration can have, whether one of that name is here or not: they go into databases as they
 * are.
 *
 * @returns these references
 */
export function checkReferences(drafts: readonly Draft[], report: Report): ReadonlySet<string> {
  const refused = new Set<string>()
  for (const draft of drafts)
    for (const field of NAMING)
      for (const reference of draft.metadata.names.get(field) ?? []) {
        const parsed = parseReference(reference)
        const isChecked = !UNCHECKED.has(field)
        const tell = (code: 'MIG_B0107' | 'MIG_B0108', what: string, fix: string): void => {
          refused.add(reference)
          const { id, source, carrier } = draft
          report.error(code, {
            message: `${id} lists ${shownName(reference)} in \`${field}\`, ${what}.${originOf(carrier.instance)}`,
            fix,
            sources: [sourceAt(source, offsetIn(draft, `${field}:${reference}`, field))],
          })
        }
        if (parsed.kind === 'migration') {
          const name = reference.slice(parsed.package.length + 1)
          const problem = packageNameProblem(parsed.package) ?? nameProblem(name)
          if (problem !== undefined) tell('MIG_B0108', `which ${problem}`, WRITE)
        } else if (parsed.kind === 'plain' && !isChecked)
          tell(
            'MIG_B0107',
            'without its package',
            `Write '${draft.carrier.identity}:${reference}', or '<package>:<name>' of another package.`,
          )
        else if (!isChecked) tell('MIG_B0108', 'which is no reference', WRITE)
      }
  return refused
}

const WRITE = "Write '<package>:<name>', as the migration is called."
