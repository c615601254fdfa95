import type { Member as Offered } from '../../graph/manifest.ts'
import { FIELDS, type FieldType, RESERVED_ROLES, UNSUPPORTED_FIELDS } from './fields.ts'
import type { FileReport } from '../report/file-report.ts'
import type { Literal } from './literal.ts'
import { nearest } from './nearest.ts'

/** What a migration says about itself. */
export interface Metadata {
  readonly names: ReadonlyMap<string, readonly string[]>
  /** The field `id`. */
  readonly id?: string
  readonly uses?: ReadonlyMap<string, string>
  readonly has: readonly Offered[]
  /** Flags that are set. */
  readonly flags: ReadonlySet<string>
  /** Offset of each field, of each entry of a list by `<field>:<entry>`, and of each role by `uses:<role>`. */
  readonly at: ReadonlyMap<string, number>
}

/** A field as the file gives it: a literal, or `code` where it holds something to run. */
export interface Given {
  readonly name: string
  readonly start: number
  readonly value: Literal | { readonly kind: 'code' }
}

/** However a module writes them. */
const ORDER: readonly Offered[] = ['up', 'down', 'irreversible', 'verify']

const EXPECTED: Readonly<Record<FieldType, string>> = {
  name: "a text: 'name'",
  names: "a list of texts: ['…']",
  roles: "an object of roles and kinds: { db: 'sql' }",
  flag: 'true or false',
  function: 'a function',
  'function or false': 'a function, or false',
}

/** Reads what was given, and reports every field that is unknown, unsupported, or of the wrong type. */
export function readMetadata(given: readonly Given[], report: FileReport): Metadata {
  const at = new Map<string, number>()
  const names = new Map<string, readonly string[]>()
  const has: Offered[] = []
  const flags = new Set<string>()
  let id: string | undefined
  let uses: ReadonlyMap<string, string> | undefined
  for (const { name, start, value } of given) {
    const type = FIELDS.get(name)
    if (type === undefined) {
      reportUnknown(name, start, report)
      continue
    }
    if (at.has(name)) report.error('MIG_B0305', start, `\`${name}\` is written twice.`, 'Write it once.')
    at.set(name, start)
    if (value.kind === 'code') {
      if (name === 'up' || name === 'down' || name === 'verify') has.push(name)
      continue
    }
    if (name === 'down' && value.kind === 'boolean' && !value.value) has.push('irreversible')
    else if (type === 'name' && value.kind === 'string') id = value.value
    else if (type === 'flag' && value.kind === 'boolean') {
      if (value.value) flags.add(name)
    } else if (type === 'names' && value.kind === 'list' && value.items.every((item) => item.kind === 'string')) {
      for (const item of value.items) at.set(`${name}:${item.value}`, item.start)
      names.set(
        name,
        value.items.map((item) => item.value),
      )
    } else if (type === 'roles' && value.kind === 'record') {
      uses = readRoles(value, report)
      for (const entry of value.entries) at.set(`uses:${entry.name}`, entry.start)
    } else {
      report.error('MIG_B0305', value.start, `\`${name}\` is not ${EXPECTED[type]}.`, `Write ${EXPECTED[type]}.`)
    }
  }
  return {
    names,
    has: has.toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b)),
    flags,
    at,
    ...(id === undefined ? {} : { id }),
    ...(uses ? { uses } : {}),
  }
}

function reportUnknown(name: string, start: number, report: FileReport): void {
  if (UNSUPPORTED_FIELDS.has(name)) {
    report.error(
      'MIG_B0304',
      start,
      `This version of unplugin-migrations does not support \`${name}\`.`,
      `Remove \`${name}\`, or update unplugin-migrations.`,
    )
    return
  }
  const proposal = nearest(name, [...FIELDS.keys(), ...UNSUPPORTED_FIELDS])
  report.error(
    'MIG_B0303',
    start,
    `\`${name}\` is not a field of a migration.`,
    proposal ? `Did you mean \`${proposal}\`?` : `The fields are ${[...FIELDS.keys()].join(', ')}.`,
  )
}

const ROLE = /^[A-Za-z][A-Za-z0-9_]*$/

function readRoles(value: Literal & { readonly kind: 'record' }, report: FileReport): ReadonlyMap<string, string> {
  const roles = new Map<string, string>()
  for (const { name, start, value: kind } of value.entries) {
    const problem = roleProblem(name)
    if (problem !== undefined)
      report.error(
        'MIG_B0307',
        start,
        `The role name \`${name}\` ${problem}.`,
        'Choose another name, for example `db`.',
      )
    else if (kind.kind !== 'string' || kind.value === '')
      report.error(
        'MIG_B0308',
        kind.start,
        `The role \`${name}\` has no kind.`,
        `Write the kind of storage: { ${name}: 'sql' }.`,
      )
    else roles.set(name, kind.value)
  }
  return roles
}

/** Why a name cannot be a role's, or `undefined`. */
export function roleProblem(name: string): string | undefined {
  if (RESERVED_ROLES.has(name)) return 'is reserved for a tool that `up` receives'
  return ROLE.test(name) ? undefined : 'is not a name of letters, digits and _'
}
