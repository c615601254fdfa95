import type { Expression, PropertyKey } from 'oxc-parser'

/** A value that stands in the source as it is, with the offset of each part. */
export type Literal =
  | { readonly kind: 'string'; readonly value: string; readonly start: number }
  | { readonly kind: 'boolean'; readonly value: boolean; readonly start: number }
  | { readonly kind: 'number' | 'null'; readonly start: number }
  | { readonly kind: 'list'; readonly items: readonly Literal[]; readonly start: number }
  | { readonly kind: 'record'; readonly entries: readonly LiteralEntry[]; readonly start: number }

export interface LiteralEntry {
  readonly name: string
  /** Offset of the name. */
  readonly start: number
  readonly value: Literal
}

/** The first part that is not literal. */
export interface NotLiteral {
  readonly kind: 'not-literal'
  readonly start: number
}

/** Reads an expression without executing anything: `as const`, `satisfies` and templates without holes included. */
export function readLiteral(expression: Expression): Literal | NotLiteral {
  const node = unwrap(expression)
  const { start } = node
  if (node.type === 'Literal') {
    if (typeof node.value === 'string') return { kind: 'string', value: node.value, start }
    if (typeof node.value === 'boolean') return { kind: 'boolean', value: node.value, start }
    if (typeof node.value === 'number') return { kind: 'number', start }
    return node.raw === 'null' ? { kind: 'null', start } : { kind: 'not-literal', start }
  }
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return { kind: 'string', value: node.quasis[0]?.value.cooked ?? '', start }
  if (node.type === 'UnaryExpression' && node.operator === '-') {
    const operand = readLiteral(node.argument)
    return operand.kind === 'number' ? { kind: 'number', start } : { kind: 'not-literal', start }
  }
  // As minifiers write `true` and `false`.
  if (node.type === 'UnaryExpression' && node.operator === '!') {
    const { argument } = node
    const isDigit = argument.type === 'Literal' && (argument.value === 0 || argument.value === 1)
    return isDigit ? { kind: 'boolean', value: argument.value === 0, start } : { kind: 'not-literal', start }
  }
  if (node.type === 'ArrayExpression') {
    const items: Literal[] = []
    for (const element of node.elements) {
      if (element === null || element.type === 'SpreadElement')
        return { kind: 'not-literal', start: element?.start ?? start }
      const item = readLiteral(element)
      if (item.kind === 'not-literal') return item
      items.push(item)
    }
    return { kind: 'list', items, start }
  }
  if (node.type === 'ObjectExpression') {
    const entries: LiteralEntry[] = []
    for (const property of node.properties) {
      const name = property.type === 'Property' && !property.computed ? keyName(property.key) : undefined
      if (property.type !== 'Property' || name === undefined || property.kind !== 'init')
        return { kind: 'not-literal', start: property.start }
      const value = property.method || property.shorthand ? undefined : readLiteral(property.value)
      if (value === undefined) return { kind: 'not-literal', start: property.start }
      if (value.kind === 'not-literal') return value
      entries.push({ name, start: property.key.start, value })
    }
    return { kind: 'record', entries, start }
  }
  return { kind: 'not-literal', start }
}

/** The expression below type syntax and parentheses. */
export function unwrap(expression: Expression): Expression {
  let node = expression
  while (
    node.type === 'TSAsExpression' ||
    node.type === 'TSSatisfiesExpression' ||
    node.type === 'TSNonNullExpression' ||
    node.type === 'TSTypeAssertion' ||
    node.type === 'ParenthesizedExpression'
  )
    node = node.expression
  return node
}

/** The text of a key that is not computed. */
export function keyName(key: PropertyKey): string | undefined {
  if (key.type === 'Identifier') return key.name
  if (key.type !== 'Literal') return undefined
  return typeof key.value === 'string' ? key.value : String(key.value)
}
