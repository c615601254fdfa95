import type { FileReport } from '../report/file-report.ts'
import type { FieldType } from './fields.ts'
import type { Given, GivenSteps } from './given.ts'
import type { Literal } from './literal.ts'
import { nearest } from './nearest.ts'

/** The fields of a migration, or of a step of it, by what they hold. */
export interface Fields {
  readonly texts: ReadonlyMap<string, string>
  readonly names: ReadonlyMap<string, readonly string[]>
  /** Flags that are set: to `true`, or to `false` where only that says something. */
  readonly flags: ReadonlySet<string>
  /** Fields that hold something to run. */
  readonly code: ReadonlySet<string>
  readonly roles?: Literal & { readonly kind: 'record' }
  readonly steps?: GivenSteps
  /** Offset of each field, of each entry of a list by `<field>:<entry>`, and of each role by `<field>:<role>`. */
  readonly at: ReadonlyMap<string, number>
}

const EXPECTED: Readonly<Record<FieldType, string>> = {
  name: "a text: 'name'",
  names: "a list of texts: ['…']",
  roles: "an object of roles and kinds: { db: 'sql' }",
  flag: 'true or false',
  false: 'false',
  repetition: "'onChange' or 'always'",
  steps: 'a list of steps: [{ name, up }]',
  function: 'a function',
  'function or false': 'a function, or false',
}

/** Looking for names that were meant takes time for each, and nobody reads that many. */
const PROPOSALS = 50

/**
 * Reports every field that is unknown, written twice, or of the wrong type.
 *
 * @param owner what has these fields, for messages
 */
export function readFields(
  given: readonly Given[],
  fields: ReadonlyMap<string, FieldType>,
  owner: 'migration' | 'step',
  report: FileReport,
): Fields {
  const at = new Map<string, number>()
  const texts = new Map<string, string>()
  const names = new Map<string, readonly string[]>()
  const flags = new Set<string>()
  const code = new Set<string>()
  let roles: Fields['roles']
  let steps: GivenSteps | undefined
  for (const { name, start, value } of given) {
    const type = fields.get(name)
    if (type === undefined) {
      reportUnknown(name, start, [...fields.keys()], owner, report)
      continue
    }
    if (at.has(name)) report.error('MIG_B0305', start, `\`${name}\` is written twice.`, 'Write it once.')
    at.set(name, start)
    if (value.kind === 'code') code.add(name)
    else if (value.kind === 'steps') steps = value
    else if (type === 'flag' && value.kind === 'boolean') {
      if (value.value) flags.add(name)
    } else if ((type === 'false' || type === 'function or false') && value.kind === 'boolean' && !value.value)
      flags.add(name)
    else if (value.kind === 'string' && (type === 'name' || (type === 'repetition' && isRepetition(value.value))))
      texts.set(name, value.value)
    else if (type === 'names' && value.kind === 'list' && value.items.every((item) => item.kind === 'string')) {
      for (const item of value.items) at.set(`${name}:${item.value}`, item.start)
      names.set(
        name,
        value.items.map((item) => item.value),
      )
    } else if (type === 'roles' && value.kind === 'record') {
      roles = value
      for (const entry of value.entries) at.set(`${name}:${entry.name}`, entry.start)
    } else {
      report.error('MIG_B0305', value.start, `\`${name}\` is not ${EXPECTED[type]}.`, `Write ${EXPECTED[type]}.`)
    }
  }
  return { texts, names, flags, code, at, ...(roles ? { roles } : {}), ...(steps ? { steps } : {}) }
}

export function isRepetition(text: string | undefined): text is 'onChange' | 'always' {
  return text === 'onChange' || text === 'always'
}

function reportUnknown(
  name: string,
  start: number,
  fields: readonly string[],
  owner: string,
  report: FileReport,
): void {
  const proposal = report.errors < PROPOSALS ? nearest(name, fields) : undefined
  report.error(
    'MIG_B0303',
    start,
    `\`${name}\` is not a field of a ${owner}.`,
    proposal ? `Did you mean \`${proposal}\`?` : `The fields are ${fields.join(', ')}.`,
  )
}
