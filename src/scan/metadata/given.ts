import type { ArrayExpression } from 'oxc-parser'
import type { FileReport } from '../report/file-report.ts'
import { type FieldType, STEP_FIELDS } from './fields.ts'
import { type Literal, readLiteral, unwrap } from './literal.ts'
import type { Member, Members } from './members.ts'
import { objectMembers } from './object-members.ts'

/** A field as a file gives it: a literal, steps, or `code` where it holds something to run. */
export interface Given {
  readonly name: string
  readonly start: number
  readonly value: Literal | { readonly kind: 'code' } | GivenSteps
}

export interface GivenSteps {
  readonly kind: 'steps'
  readonly start: number
  readonly steps: readonly GivenStep[]
}

export interface GivenStep {
  readonly start: number
  readonly fields: readonly Given[]
}

/** Reads the fields of an object, or of a module, without executing anything. What is not literal and must be is reported. */
export function givenBy(
  { members, unreadable }: Members,
  fields: ReadonlyMap<string, FieldType>,
  report: FileReport,
): readonly Given[] {
  for (const { start, what } of unreadable)
    report.error('MIG_B0302', start, `What ${what} holds can only be known by executing it.`, LITERAL)
  return members.flatMap((member) => readMember(member, fields.get(member.name), report))
}

function readMember(member: Member, type: FieldType | undefined, report: FileReport): readonly Given[] {
  const { name, start, value, kind } = member
  if (type === undefined) return [{ name, start, value: { kind: 'code' } }]
  const runs = type === 'function' || type === 'function or false'
  if (!value) {
    if (runs) return [{ name, start, value: { kind: 'code' } }]
    const what = kind === 'function' ? 'a function' : 'not a value'
    report.error('MIG_B0302', start, `\`${name}\` is ${what}.`, LITERAL)
    return []
  }
  const list = type === 'steps' ? unwrap(value) : undefined
  if (list?.type === 'ArrayExpression')
    return [{ name, start, value: { kind: 'steps', start: list.start, steps: stepsOf(list, report) } }]
  const literal = readLiteral(value)
  if (literal.kind !== 'not-literal') return [{ name, start, value: literal }]
  if (runs) return [{ name, start, value: { kind: 'code' } }]
  report.error('MIG_B0302', literal.start, `\`${name}\` is not literal: this part would have to be executed.`, LITERAL)
  return []
}

function stepsOf({ elements, start }: ArrayExpression, report: FileReport): readonly GivenStep[] {
  return elements.flatMap((element): readonly GivenStep[] => {
    const node = element === null || element.type === 'SpreadElement' ? element : unwrap(element)
    if (node?.type === 'ObjectExpression')
      return [{ start: node.start, fields: givenBy(objectMembers(node, new Map()), STEP_FIELDS, report) }]
    const message = 'This step can only be known by executing it.'
    report.error('MIG_B0302', node?.start ?? start, message, 'Write the step itself: { name, up }')
    return []
  })
}

const LITERAL = 'Write the value itself: a text, a number, true, false, or a list or object of those.'
