import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as oldest from 'oxc-parser-oldest'
import * as newest from 'oxc-parser-newest'
import { describe, expect, it } from 'vitest'
import { isNode, NODE_FIELDS } from '../../src/scan/hash/estree.ts'
import { goldenFiles } from './golden.ts'

const ROOT = join(import.meta.dirname, '../..')

it('are the ends of the range that the package asks for', () => {
  const { dependencies } = json('package.json') as { readonly dependencies: Readonly<Record<string, string>> }
  const [from, before] = dependencies['oxc-parser']?.match(/\d+\.\d+\.\d+/g) ?? []
  expect(version('oxc-parser-oldest')).toBe(from)
  const [major, minor] = version('oxc-parser-newest').split('.').map(Number)
  expect(`${major}.${Number(minor) + 1}.0`).toBe(before)
})

function json(path: string): unknown {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8'))
}

function version(name: string): string {
  return (json(`node_modules/${name}/package.json`) as { readonly version: string }).version
}

/** Types of nodes with rules of their own. */
const SPECIAL = [
  'ExportAllDeclaration',
  'ExportNamedDeclaration',
  'ExportSpecifier',
  'ExpressionStatement',
  'Identifier',
  'ImportAttribute',
  'ImportDeclaration',
  'ImportDefaultSpecifier',
  'ImportExpression',
  'ImportNamespaceSpecifier',
  'ImportSpecifier',
  'Literal',
  'LogicalExpression',
  'MemberExpression',
  'MetaProperty',
  'Property',
  'SequenceExpression',
  'TaggedTemplateExpression',
  'TemplateElement',
  'TemplateLiteral',
] as const

/** Fields that are no program: places, types, and what other fields say as well. */
const NOT_COUNTED =
  /^(?:type|start|end|range|parent|hashbang|sourceType|decorators|definite|declare|abstract|override|readonly|accessibility|implements|typeAnnotation|typeParameters|typeArguments|superTypeArguments|returnType|exportKind)$/
const NOT_COUNTED_THERE: ReadonlySet<string> = new Set([
  'AccessorProperty.optional',
  'ArrayPattern.optional',
  'ArrowFunctionExpression.expression',
  'ArrowFunctionExpression.generator',
  'ArrowFunctionExpression.id',
  'AssignmentPattern.optional',
  'FunctionDeclaration.expression',
  'FunctionExpression.expression',
  'MethodDefinition.optional',
  'ObjectPattern.optional',
  'PropertyDefinition.optional',
  'RestElement.optional',
  'RestElement.value',
  'UnaryExpression.prefix',
])

describe.each([
  ['oldest', oldest],
  ['newest', newest],
] as const)('the %s parser', (_, { parseSync }) => {
  const nodes = Object.entries(goldenFiles())
    .filter(([name]) => /\.[mc]?[jt]s$/.test(name))
    .flatMap(([name, text]) => {
      const { program } = parseSync(name, text, {
        astType: 'ts',
        preserveParens: false,
        ...(name.endsWith('.js') ? { sourceType: 'unambiguous' } : {}),
      })
      return nodesBelow(program)
    })

  it('finds every type of node of the closed list in a fixture', () => {
    const seen = new Set(nodes.map(({ type }) => type))
    expect([...NODE_FIELDS.keys(), ...SPECIAL].filter((type) => !seen.has(type))).toEqual([])
  })

  it('gives no node a field that is neither counted nor known not to count', () => {
    const unknown = new Set<string>()
    for (const node of nodes) {
      const counted = NODE_FIELDS.get(node.type)
      if (!counted) continue
      for (const field of Object.keys(node))
        if (!counted.includes(field) && !NOT_COUNTED.test(field)) unknown.add(`${node.type}.${field}`)
    }
    expect([...unknown].filter((field) => !NOT_COUNTED_THERE.has(field))).toEqual([])
  })
})

function nodesBelow(root: unknown): readonly { readonly type: string }[] {
  const found: { readonly type: string }[] = []
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const value = pending.pop()
    if (typeof value !== 'object' || value === null) continue
    if (isNode(value)) found.push(value)
    pending.push(...Object.values(value))
  }
  return found
}
