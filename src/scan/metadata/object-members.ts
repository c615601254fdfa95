import type { Expression, ObjectExpression, Program } from 'oxc-parser'
import { keyName, unwrap } from './literal.ts'
import type { Member, Members, TopLevel } from './members.ts'

/**
 * The object that an expression stands for: itself, the argument of `defineMigration`, or what a name at the top level
 * holds. `undefined` where that cannot be told without executing it.
 */
export function objectOf(
  expression: Expression,
  names: ReadonlyMap<string, TopLevel>,
  defining: ReadonlySet<string>,
): ObjectExpression | undefined {
  let node: Expression | undefined = unwrap(expression)
  // A name may stand for a call that is given a name; more steps than that are a puzzle.
  for (let step = 0; step < 4; step++) {
    if (node === undefined || node.type === 'ObjectExpression') return node
    const next: Expression | undefined = stepInto(node, names, defining)
    node = next && unwrap(next)
  }
  return undefined
}

function stepInto(
  node: Expression,
  names: ReadonlyMap<string, TopLevel>,
  defining: ReadonlySet<string>,
): Expression | undefined {
  if (node.type === 'Identifier') return names.get(node.name)?.value
  if (node.type !== 'CallExpression' || !defining.has(calleeName(node.callee) ?? '')) return undefined
  const argument = node.arguments[0]
  return argument?.type === 'SpreadElement' ? undefined : argument
}

/** `f`, `runtime.f`, and `(0, runtime.f)`, as compilers write a call of an import. */
function calleeName(callee: Expression): string | undefined {
  const node = unwrap(callee)
  if (node.type === 'Identifier') return node.name
  if (node.type === 'MemberExpression' && !node.computed && node.property.type === 'Identifier')
    return node.property.name
  const last = node.type === 'SequenceExpression' ? node.expressions.at(-1) : undefined
  return last && calleeName(last)
}

/** Names under which `defineMigration` is called: its own, and those of imports. */
export function definingNames(program: Program): ReadonlySet<string> {
  const names = new Set(['defineMigration'])
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue
    for (const specifier of statement.specifiers)
      if (specifier.type === 'ImportSpecifier' && keyName(specifier.imported) === 'defineMigration')
        names.add(specifier.local.name)
  }
  return names
}

export function objectMembers(object: ObjectExpression, names: ReadonlyMap<string, TopLevel>): Members {
  const members: Member[] = []
  const unreadable: { start: number; what: string }[] = []
  for (const property of object.properties) {
    const name = property.type === 'Property' && !property.computed ? keyName(property.key) : undefined
    if (property.type !== 'Property' || name === undefined) {
      unreadable.push({ start: property.start, what: property.type === 'Property' ? 'a computed name' : 'a spread' })
      continue
    }
    if (property.kind !== 'init') {
      unreadable.push({ start: property.start, what: 'a getter or setter' })
      continue
    }
    const named = property.value.type === 'Identifier' ? names.get(property.value.name) : undefined
    const isFunction = property.method || (named !== undefined && named.value === undefined)
    members.push({
      name,
      start: property.key.start,
      ...(isFunction ? { kind: 'function' } : { kind: 'value', value: property.value }),
      nodes: [property],
    })
  }
  return { members, beside: [], unreadable }
}
