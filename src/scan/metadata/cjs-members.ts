import type { AssignmentExpression, Expression, ExpressionStatement, Program } from 'oxc-parser'
import { unwrap } from './literal.ts'
import { type Member, type Members, topLevelNames } from './members.ts'
import { definingNames, objectMembers, objectOf } from './object-members.ts'

/** The fields of a CommonJS module, as people and compilers write it. */
export function cjsMembers(program: Program): Members {
  const names = topLevelNames(program)
  const named: Member[] = []
  let main: Expression | undefined
  for (const statement of program.body) {
    if (statement.type !== 'ExpressionStatement') continue
    for (const { expression, node } of expressionsOf(statement)) {
      if (expression.type === 'CallExpression') named.push(...definedProperty(expression, node))
      if (expression.type !== 'AssignmentExpression') continue
      const target = exportTarget(expression)
      if (target === undefined || isBlank(expression)) continue
      if (target.name === undefined || target.name === 'default') main = expression.right
      else if (target.name !== '__esModule')
        named.push(assigned(target.name, target.start, expression.right, node, names))
    }
  }
  if (!main) return { members: named, beside: [], unreadable: [] }
  const object = objectOf(main, names, definingNames(program))
  if (object) return { ...objectMembers(object, names), beside: named }
  return { members: [], beside: named, unreadable: [{ start: main.start, what: 'this default export' }] }
}

/** `exports.a = …, exports.b = …` is how compilers write one declaration of several exports. */
function expressionsOf(
  statement: ExpressionStatement,
): readonly { readonly expression: Expression; readonly node: object }[] {
  const expression = unwrap(statement.expression)
  if (expression.type !== 'SequenceExpression') return [{ expression, node: statement }]
  return expression.expressions.map((each) => ({ expression: unwrap(each), node: each }))
}

function assigned(
  name: string,
  start: number,
  right: Expression,
  statement: object,
  names: ReturnType<typeof topLevelNames>,
): Member {
  const value = unwrap(right)
  const named = value.type === 'Identifier' ? names.get(value.name) : undefined
  if (!named) return { name, start, kind: 'value', value, nodes: [statement] }
  const nodes = [statement, named.node]
  if (named.value === undefined) return { name, start, kind: 'function', nodes }
  return { name, start, kind: 'value', value: named.value, nodes }
}

/** `exports.x = …` and `module.exports.x = …`; without a name `module.exports = …`. */
function exportTarget({ left }: AssignmentExpression): { readonly name?: string; readonly start: number } | undefined {
  if (left.type !== 'MemberExpression') return undefined
  if (isModuleExports(left)) return { start: left.start }
  const isExports = left.object.type === 'Identifier' && left.object.name === 'exports'
  if (!isExports && !(left.object.type === 'MemberExpression' && isModuleExports(left.object))) return undefined
  const { property } = left
  const name = left.computed
    ? property.type === 'Literal' && typeof property.value === 'string' && property.value
    : property.type === 'Identifier' && property.name
  return typeof name === 'string' ? { name, start: property.start } : undefined
}

function isModuleExports(node: Expression): boolean {
  if (node.type !== 'MemberExpression' || node.computed) return false
  const { object, property } = node
  return object.type === 'Identifier' && object.name === 'module' && keyNameOf(property) === 'exports'
}

function keyNameOf(property: { readonly type: string }): string | undefined {
  return property.type === 'Identifier' && 'name' in property ? String(property.name) : undefined
}

/** `exports.up = exports.uses = void 0`, which compilers write before the real assignments. */
export function isBlank(expression: Expression): boolean {
  let node = expression
  while (node.type === 'AssignmentExpression' && exportTarget(node)?.name !== undefined) node = node.right
  return node !== expression && node.type === 'UnaryExpression' && node.operator === 'void'
}

/** `Object.defineProperty(exports, 'up', { get })`, as compilers write a re-export. */
function definedProperty(call: Expression, statement: object): readonly Member[] {
  if (call.type !== 'CallExpression' || call.callee.type !== 'MemberExpression') return []
  const [target, key] = call.arguments
  const defines = keyNameOf(call.callee.property) === 'defineProperty'
  if (!defines || target?.type !== 'Identifier' || target.name !== 'exports') return []
  if (key?.type !== 'Literal' || typeof key.value !== 'string' || key.value === '__esModule') return []
  return [{ name: key.value, start: key.start, kind: 're-export', nodes: [statement] }]
}
