import type { StepTraits } from '../../graph/manifest.ts'
import type { FileReport } from '../report/file-report.ts'
import { STEP_FIELDS } from './fields.ts'
import type { GivenStep, GivenSteps } from './given.ts'
import { nameProblem } from './name.ts'
import { type Fields, readFields } from './read-fields.ts'

export interface Steps {
  readonly traits: readonly StepTraits[]
  /** Each can be taken back. */
  readonly haveDown: boolean
}

/**
 * Reads the steps of a migration, and reports what cannot run.
 *
 * @param roles of the migration; absent where they could not be read
 */
export function readSteps(
  { start, steps }: GivenSteps,
  roles: ReadonlyMap<string, string> | undefined,
  report: FileReport,
): Steps {
  // What could not be read is not missing.
  const isRead = report.errors === 0
  if (steps.length === 0 && isRead)
    report.error('MIG_B0306', start, 'There is no step.', "Write one: { name: 'copy', async up({ db }) { … } }")
  const known = new Set<string>()
  const read = steps.map((step) => readStep(step, isRead, known, roles, report))
  return { traits: read.map(({ traits }) => traits), haveDown: read.every(({ fields }) => fields.code.has('down')) }
}

function readStep(
  { start, fields: given }: GivenStep,
  isRead: boolean,
  known: Set<string>,
  roles: ReadonlyMap<string, string> | undefined,
  report: FileReport,
): { readonly traits: StepTraits; readonly fields: Fields } {
  const before = report.errors
  const fields = readFields(given, STEP_FIELDS, 'step', report)
  const name = fields.texts.get('name')
  const uses = fields.names.get('uses')
  const { flags, at } = fields
  const here = at.get('name') ?? start
  const isWhole = isRead && report.errors === before
  const problem = name === undefined ? undefined : nameProblem(name)
  if (name === undefined) {
    if (isWhole) report.error('MIG_B0316', start, 'The step has no name.', "Give it one: name: 'copy'")
  } else if (problem !== undefined)
    report.error('MIG_B0316', here, `The name of the step ${JSON.stringify(name)} ${problem}.`, 'Rename it.')
  else if (known.has(name))
    report.error('MIG_B0316', here, `Two steps have the name \`${name}\`.`, 'Rename the one that is new.')
  known.add(name ?? '')
  if (isWhole && !fields.code.has('up'))
    report.error('MIG_B0306', here, 'The step has no `up`.', 'Add it: async up({ db }) { … }')
  if (uses?.length === 0)
    report.error('MIG_B0316', at.get('uses') ?? start, 'The step uses no storage.', 'Name a role, or remove `uses`.')
  for (const role of roles ? (uses ?? []) : [])
    if (!roles?.has(role))
      report.error(
        'MIG_B0316',
        at.get(`uses:${role}`) ?? start,
        `The step uses \`${role}\`, which is no role of the migration.`,
        `The roles are ${[...(roles?.keys() ?? [])].join(', ')}.`,
      )
  const traits: StepTraits = {
    name: name ?? '',
    ...(uses ? { uses } : {}),
    ...(flags.has('transaction') ? { transaction: false } : {}),
    ...(flags.has('idempotent') ? { idempotent: true } : {}),
  }
  return { traits, fields }
}
