import { tokenize } from '../../sql/tokens.ts'
import { FIELDS } from './fields.ts'
import type { FileReport } from '../report/file-report.ts'
import type { Given } from './given.ts'
import type { Literal } from './literal.ts'
import { nearest } from './nearest.ts'

/** No two parts of it can share a run of spaces, which would take the square of its length. */
const LINE = /^--[ \t]*([A-Za-z]+)[ \t]*(?::(.*))?$/s

/**
 * The fields in the head comment of a `.sql` file: lines like `-- dependsOn: a:1, b:2` before the first statement.
 * Other lines are prose, except where one is nearly a field: that is reported.
 *
 * @param text With LF.
 */
export function readHead(text: string, report: FileReport): readonly Given[] {
  const given: Given[] = []
  for (const { kind, start, end } of tokenize(text).tokens) {
    if (kind !== 'comment') break
    const [, name = '', written] = LINE.exec(text.slice(start, end)) ?? []
    const value = written?.trim()
    const at = text.indexOf(name, start)
    const type = FIELDS.get(name)
    if (type === 'flag' && (value === undefined || value === 'true')) given.push(field(name, at, flag(at)))
    // Alone in a line it was meant as one, and without its value it says something else.
    else if (value === undefined && (type === 'false' || type === 'repetition'))
      given.push(field(name, at, { kind: 'null', start: at }))
    // A text has no functions and steps of its own, so these words are prose.
    else if (value === undefined || name === '' || type === 'function' || type === 'steps') continue
    else if (type === undefined) reportNear(name, at, report)
    else given.push(field(name, at, literalOf(name, value, text.indexOf(value, at + name.length + 1))))
  }
  return given
}

function field(name: string, start: number, value: Literal): Given {
  return { name, start, value }
}

function flag(start: number): Literal {
  return { kind: 'boolean', value: true, start }
}

/** A value has the form that its field has in a module; `readMetadata` reports one of the wrong type. */
function literalOf(name: string, value: string, start: number): Literal {
  if (value === 'false' || value === 'true') return { kind: 'boolean', value: value === 'true', start }
  const type = FIELDS.get(name)
  if (type === 'names') return { kind: 'list', items: parts(value, start), start }
  if (type !== 'roles') return { kind: 'string', value, start }
  const entries = parts(value, start).map((role) => ({
    name: role.value,
    start: role.start,
    value: { kind: 'string' as const, value: 'sql', start: role.start },
  }))
  return { kind: 'record', entries, start }
}

/** Entries between commas, each with its offset. */
function parts(value: string, start: number): readonly (Literal & { readonly kind: 'string' })[] {
  return [...value.matchAll(/[^,\s](?:[^,]*[^,\s])?/g)].map((match) => ({
    kind: 'string',
    value: match[0],
    start: start + match.index,
  }))
}

/** Prose has colons too; only what begins small and is close to a field was meant as one. */
function reportNear(name: string, start: number, report: FileReport): void {
  const proposal = /^[a-z]/.test(name) ? nearest(name, FIELDS.keys()) : undefined
  if (proposal === undefined) return
  report.error('MIG_B0303', start, `\`${name}\` is not a field of a migration.`, `Did you mean \`-- ${proposal}: …\`?`)
}
