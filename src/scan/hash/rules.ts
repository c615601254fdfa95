import { isThisParameter, nodesIn } from './erasure.ts'
import { isNode, type Node, NODE_FIELDS } from './estree.ts'
import { operandsOf, sequenceOf } from './flat-chains.ts'
import { keyText } from './key-text.ts'
import { literalParts, templateTexts } from './literal-parts.ts'

/** What a rule asks of what writes a module. */
export interface Writer {
  readonly source: string
  /** Whether anything of a node in a list counts. */
  counts(node: Node): boolean
  /** Whether an imported name is used. */
  isUsed(specifier: Node): boolean
  /** What stands for a module that code asks for. */
  requested(source: unknown, start: number): unknown
  /** Called with nodes that may ask where the code lies. */
  placed(node: Node): void
}

/** What counts of a node, in order; `undefined` where it has no canonical form. */
export type Rule = (node: Node, writer: Writer) => readonly unknown[] | undefined

/** One look by the name of a type is all that a node needs: a list of cases would compare each with all of them. */
export const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...[...NODE_FIELDS].map(([type, fields]) => [type, ofFields(fields)] as const),
  ['CallExpression', (node, writer) => required(node, writer) ?? [node['optional'], node['callee'], node['arguments']]],
  ['ExportAllDeclaration', (node, writer) => [keyText(node['exported']), sourceOf(node, writer), attributes(node)]],
  ['ExportNamedDeclaration', exported],
  ['ExpressionStatement', statement],
  ['Identifier', (node, writer) => placed(node, writer, [node['name']])],
  ['ImportAttribute', (node) => [keyText(node['key']), node['value']]],
  ['ImportDeclaration', imported],
  ['ImportDefaultSpecifier', (node) => [keyText(node['local'])]],
  [
    'ImportExpression',
    (node, writer) => [node['phase'], writer.requested(node['source'], node.start), node['options']],
  ],
  ['ImportNamespaceSpecifier', (node) => [keyText(node['local'])]],
  ['ImportSpecifier', (node) => [keyText(node['imported']), keyText(node['local'])]],
  ['Literal', (node, { source }) => literalParts(node, source)],
  ['LogicalExpression', (node) => [node['operator'], operandsOf(node)]],
  ['MemberExpression', (node, writer) => placed(node, writer, member(node))],
  ['MetaProperty', (node) => [keyText(node['meta']), keyText(node['property'])]],
  ['Property', property],
  ['SequenceExpression', (node) => [sequenceOf(node)]],
  ['TaggedTemplateExpression', tagged],
  ['TemplateLiteral', (node) => [templateTexts(node, 'cooked'), nodesIn(node['expressions'])]],
  ['VariableDeclarator', (node, writer) => placed(node, writer, [node['id'], node['init']])],
])

function ofFields(fields: readonly string[]): Rule {
  return (node) =>
    fields.map((field) => {
      const value = node[field]
      if (field === 'key' && node['computed'] !== true) return keyText(value)
      if (field === 'params') return nodesIn(value).filter((each) => !isThisParameter(each))
      return value
    })
}

function placed(node: Node, writer: Writer, parts: readonly unknown[]): readonly unknown[] {
  writer.placed(node)
  return parts
}

/** `require('…')` of CommonJS is an import. */
function required(node: Node, writer: Writer): readonly unknown[] | undefined {
  const { callee } = node
  if (!isNode(callee) || callee.type !== 'Identifier' || callee['name'] !== 'require') return undefined
  const [argument, ...rest] = nodesIn(node['arguments'])
  if (!argument || rest.length > 0) return undefined
  return [node['optional'], 'require', [writer.requested(argument, argument.start)]]
}

function exported(node: Node, writer: Writer): readonly unknown[] {
  const source = sourceOf(node, writer)
  const specifiers = nodesIn(node['specifiers']).filter((each) => writer.counts(each))
  const names = specifiers.map((each) => [keyText(each['local']), keyText(each['exported'])])
  return [node['declaration'], source, names, attributes(node)]
}

function imported(node: Node, writer: Writer): readonly unknown[] {
  const source = sourceOf(node, writer)
  const used = nodesIn(node['specifiers']).filter((each) => writer.isUsed(each))
  return [node['phase'], source, used, attributes(node)]
}

function sourceOf({ source }: Node, writer: Writer): unknown {
  return isNode(source) ? writer.requested(source, source.start) : null
}

function attributes(node: Node): readonly Node[] {
  return nodesIn(node['attributes'])
}

/** A directive counts as it is written: one with an escape is none. */
function statement({ directive, expression }: Node): readonly unknown[] {
  return typeof directive === 'string' ? ['directive', directive.replaceAll(/\r\n?/g, '\n')] : [expression]
}

function member(node: Node): readonly unknown[] {
  const { computed, property: name } = node
  return [node['optional'], node['object'], computed, computed === true ? name : keyText(name)]
}

/** `{ __proto__ }` makes a property, `{ __proto__: __proto__ }` sets the prototype. */
function property(node: Node): readonly unknown[] {
  const { kind, computed, method, shorthand, key, value } = node
  const short = shorthand === true && keyText(key) === '__proto__'
  return [kind, computed, method, short, computed === true ? key : keyText(key), value]
}

function tagged({ tag, quasi }: Node): readonly unknown[] | undefined {
  if (!isNode(quasi)) return undefined
  return [tag, templateTexts(quasi, 'raw'), nodesIn(quasi['expressions'])]
}
