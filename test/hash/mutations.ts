import { isNode, type Node } from '../../src/scan/hash/estree.ts'

/** A change of a tree that changes what the program means. It is made in place, and gives back what takes it back. */
export interface Mutation {
  readonly what: string
  readonly node: Node
  readonly make: () => () => void
}

const OPERATORS: ReadonlyMap<string, readonly string[]> = new Map([
  ['AssignmentExpression', ['=', '+=', '-=', '??=', '||=', '>>>=']],
  ['BinaryExpression', ['+', '-', '*', '**', '==', '===', '<', '<=', 'in', 'instanceof', '>>', '>>>']],
  ['LogicalExpression', ['&&', '||', '??']],
  ['UnaryExpression', ['-', '+', '!', '~', 'typeof', 'void', 'delete']],
  ['UpdateExpression', ['++', '--']],
])

const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['MethodDefinition', ['constructor', 'method', 'get', 'set']],
  ['Property', ['init', 'get', 'set']],
  ['VariableDeclaration', ['var', 'let', 'const', 'using', 'await using']],
])

/** Fields that are true or false, as the ESTree specification lists them. */
const SWITCHES: ReadonlyMap<string, readonly string[]> = new Map([
  ['AccessorProperty', ['static', 'computed']],
  ['ArrowFunctionExpression', ['async']],
  ['CallExpression', ['optional']],
  ['ForOfStatement', ['await']],
  ['FunctionDeclaration', ['async', 'generator']],
  ['FunctionExpression', ['async', 'generator']],
  ['MemberExpression', ['optional', 'computed']],
  ['MethodDefinition', ['static', 'computed']],
  ['Property', ['computed', 'method']],
  ['PropertyDefinition', ['static', 'computed']],
  ['UpdateExpression', ['prefix']],
  ['YieldExpression', ['delegate']],
])

/** Fields that hold a node or nothing. */
const OPTIONAL: ReadonlyMap<string, readonly string[]> = new Map([
  ['AccessorProperty', ['value']],
  ['BreakStatement', ['label']],
  ['CatchClause', ['param']],
  ['ClassDeclaration', ['superClass']],
  ['ClassExpression', ['id', 'superClass']],
  ['ContinueStatement', ['label']],
  ['ExportAllDeclaration', ['exported']],
  ['ForStatement', ['init', 'test', 'update']],
  ['FunctionExpression', ['id']],
  ['IfStatement', ['alternate']],
  ['ImportExpression', ['options']],
  ['PropertyDefinition', ['value']],
  ['ReturnStatement', ['argument']],
  ['SwitchCase', ['test']],
  ['TryStatement', ['handler', 'finalizer']],
  ['VariableDeclarator', ['init']],
  ['YieldExpression', ['argument']],
])

/** Other types with the same fields. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['ArrayExpression', 'ArrayPattern'],
  ['AwaitExpression', 'SpreadElement'],
  ['BreakStatement', 'ContinueStatement'],
  ['ClassDeclaration', 'ClassExpression'],
  ['DoWhileStatement', 'WhileStatement'],
  ['ForInStatement', 'ForOfStatement'],
  ['FunctionDeclaration', 'FunctionExpression'],
  ['ImportDefaultSpecifier', 'ImportNamespaceSpecifier'],
  ['NewExpression', 'CallExpression'],
  ['ObjectExpression', 'ObjectPattern'],
  ['PrivateIdentifier', 'Identifier'],
  ['PropertyDefinition', 'AccessorProperty'],
  ['ReturnStatement', 'ThrowStatement'],
  ['SpreadElement', 'RestElement'],
  ['Super', 'ThisExpression'],
])

export function mutationsOf(node: Node, source: string): readonly Mutation[] {
  return [
    ...(OPERATORS.get(node.type) ?? []).flatMap((operator) => change(node, 'operator', operator)),
    ...(KINDS.get(node.type) ?? []).flatMap((kind) => change(node, 'kind', kind)),
    ...(SWITCHES.get(node.type) ?? []).flatMap((field) => change(node, field, node[field] !== true)),
    ...(OPTIONAL.get(node.type) ?? []).flatMap((field) => absences(node, field)),
    ...[TYPES.get(node.type) ?? []].flat().flatMap((type) => change(node, 'type', type)),
    ...leaves(node),
    ...lists(node, source),
  ]
}

function change(node: Node, field: string, value: unknown): readonly Mutation[] {
  if (node[field] === value) return []
  const make = (): (() => void) => {
    const before = node[field]
    Object.assign(node, { [field]: value })
    return () => void Object.assign(node, { [field]: before })
  }
  return [{ what: `${node.type}.${field} = ${textOf(value).slice(0, 60)}`, node, make }]
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each)) ?? 'undefined'
}

const at = { start: 0, end: 0 }
const NAME = { type: 'Identifier', name: 'undefined', ...at }

/** `false`, `null`, `undefined` and nothing are four things. */
function absences(node: Node, field: string): readonly Mutation[] {
  if (node[field] !== null && node[field] !== undefined) return change(node, field, null)
  const literals = [false, null].map((value) => ({ type: 'Literal', value, ...at }))
  return [...literals, NAME].flatMap((value) => change(node, field, value))
}

function leaves(node: Node): readonly Mutation[] {
  const { type, value, regex, bigint, name, directive } = node
  if (type === 'Identifier' || type === 'PrivateIdentifier') return change(node, 'name', `${String(name)}2`)
  if (typeof directive === 'string')
    return [...change(node, 'directive', undefined), ...change(node, 'directive', `${directive} `)]
  if (type === 'TemplateElement') return templateTexts(node)
  if (type !== 'Literal') return []
  if (regex !== null && typeof regex === 'object')
    return [
      { ...regex, pattern: 'other' },
      { ...regex, flags: 'gimsuy' },
    ].flatMap((each) => change(node, 'regex', each))
  if (typeof bigint === 'string') return change(node, 'bigint', `${bigint}0`)
  const others = ['\uD800', '\uFFFD', 'null', 1e21, true, null]
  return [...others, `${String(value)} `].flatMap((other) => change(node, 'value', other))
}

/** A tag sees how a template is written, other code what it says: the tests know by the parent which of them counts. */
function templateTexts(node: Node): readonly Mutation[] {
  const { value } = node
  if (typeof value !== 'object' || value === null || !('raw' in value) || !('cooked' in value)) return []
  const both = { raw: `${String(value.raw)} `, cooked: `${String(value.cooked)} ` }
  return change(node, 'value', both)
}

function lists(node: Node, source: string): readonly Mutation[] {
  return Object.entries(node).flatMap(([field, list]: readonly [string, unknown]) => {
    if (!Array.isArray(list) || field === 'decorators' || field === 'implements') return []
    const items: readonly unknown[] = list
    return items.flatMap((item, index) => {
      const next = items[index + 1]
      return [
        ...(isEmpty(item) ? [] : change(node, field, items.toSpliced(index, 1))),
        ...(isEmpty(item) ? [] : change(node, field, items.toSpliced(index, 0, item))),
        ...(index + 1 < items.length && !alike(item, next, source)
          ? change(node, field, items.toSpliced(index, 2, next, item))
          : []),
        ...(field === 'elements' ? change(node, field, items.with(index, item === null ? NAME : null)) : []),
      ]
    })
  })
}

/** `;` and `export {}`, which compilers add. */
function isEmpty(item: unknown): boolean {
  if (!isNode(item)) return false
  const { type, declaration, specifiers, source } = item
  if (type !== 'ExportNamedDeclaration') return type === 'EmptyStatement'
  return declaration === null && source === null && Array.isArray(specifiers) && specifiers.length === 0
}

function alike(one: unknown, other: unknown, source: string): boolean {
  if (isEmpty(one) || isEmpty(other)) return true
  const text = (item: unknown): unknown => {
    if (isNode(item) && item.type === 'TemplateElement') return textOf(item['value'])
    return isNode(item) ? source.slice(item.start, item.end) : item
  }
  return text(one) === text(other)
}
