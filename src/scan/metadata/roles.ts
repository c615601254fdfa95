import type { FileReport } from '../report/file-report.ts'
import { RESERVED_ROLES } from './fields.ts'
import type { Literal } from './literal.ts'

const ROLE = /^[A-Za-z][A-Za-z0-9_]*$/

/** Role → kind, of those that are right. */
export function readRoles(
  value: Literal & { readonly kind: 'record' },
  report: FileReport,
): ReadonlyMap<string, string> {
  const roles = new Map<string, string>()
  for (const { name, start, value: kind } of value.entries) {
    const problem = roleProblem(name)
    if (problem !== undefined)
      report.error(
        'MIG_B0307',
        start,
        `The role name \`${name}\` ${problem}.`,
        `Choose another name, for example \`${roleFor(name)}\`.`,
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

/** A name like this one that a role can have. */
export function roleFor(name: string): string {
  if (RESERVED_ROLES.has(name) || (ROLE.test(name) && Object.hasOwn(Object.prototype, name))) return `${name}Storage`
  const word = name
    .slice(0, 50)
    .replaceAll(/\W+/g, '_')
    .replace(/^[^A-Za-z]+/, '')
  return RESERVED_ROLES.has(word) || word === '' ? 'storage' : word
}

/** Why a name cannot be a role's, or `undefined`. */
export function roleProblem(name: string): string | undefined {
  if (RESERVED_ROLES.has(name)) return 'is reserved for a tool that `up` receives'
  // `handles[role]` would find something where nothing is bound.
  if (Object.hasOwn(Object.prototype, name)) return 'is what every object has'
  return ROLE.test(name) ? undefined : 'is not a name of letters, digits and _'
}
