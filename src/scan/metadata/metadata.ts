import type { Member as Offered, Traits } from '../../graph/manifest.ts'
import type { FileReport } from '../report/file-report.ts'
import { FIELDS } from './fields.ts'
import type { Given } from './given.ts'
import { type Fields, isRepetition, readFields } from './read-fields.ts'
import { readRoles } from './roles.ts'
import { readSteps } from './steps.ts'

/** What a migration says about itself. */
export interface Metadata {
  readonly names: ReadonlyMap<string, readonly string[]>
  /** The field `id`. */
  readonly id?: string
  readonly uses?: ReadonlyMap<string, string>
  readonly has: readonly Offered[]
  /** Flags that are set, see `Fields`. */
  readonly flags: ReadonlySet<string>
  /** Absent: it runs as usual. */
  readonly traits?: Traits
  /** Offset of each field, of each entry of a list by `<field>:<entry>`, and of each role by `uses:<role>`. */
  readonly at: ReadonlyMap<string, number>
}

/** However a module writes them. */
const ORDER: readonly Offered[] = ['up', 'down', 'irreversible', 'verify', 'when', 'probe', 'steps']

/** Reads what was given, and reports what is wrong with it. */
export function readMetadata(given: readonly Given[], report: FileReport): Metadata {
  const fields = readFields(given, FIELDS, 'migration', report)
  const { texts, names, flags, code, at } = fields
  const id = texts.get('id')
  const uses = fields.roles && readRoles(fields.roles, report)
  const steps = fields.steps && readSteps(fields.steps, uses, report)
  const offered: Readonly<Record<Offered, boolean>> = {
    up: code.has('up'),
    down: code.has('down') || (steps?.haveDown === true && !flags.has('down')),
    irreversible: flags.has('down'),
    verify: code.has('verify'),
    when: code.has('when'),
    probe: code.has('probe'),
    steps: steps !== undefined,
  }
  const traits = traitsOf(fields, steps?.traits)
  return {
    names,
    has: ORDER.filter((member) => offered[member]),
    flags,
    at,
    ...(id === undefined ? {} : { id }),
    ...(uses ? { uses } : {}),
    ...(Object.keys(traits).length > 0 ? { traits } : {}),
  }
}

function traitsOf({ flags, texts }: Fields, steps: Traits['steps']): Traits {
  const repeatable = texts.get('repeatable')
  return {
    ...(flags.has('transaction') ? { transaction: false } : {}),
    ...(flags.has('idempotent') ? { idempotent: true } : {}),
    ...(flags.has('deferrable') ? { deferrable: true } : {}),
    ...(flags.has('destructive') ? { destructive: true } : {}),
    ...(isRepetition(repeatable) ? { repeatable } : {}),
    ...(steps ? { steps } : {}),
  }
}
