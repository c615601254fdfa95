import { isErased, isThisParameter, below, nodesIn } from './erasure.ts'
import { isNode, type Node, NODE_FIELDS } from './estree.ts'

interface Scope {
  readonly names: Set<string>
  readonly outer: Scope | undefined
  /** Where a `var` inside it belongs. Absent: here. */
  readonly vars: Scope | undefined
}

interface Visit {
  readonly node: unknown
  readonly scope: Scope
  /** The scope of the names that a pattern declares. Absent: it is an expression. */
  readonly declares?: Scope
}

const BLOCKS: ReadonlySet<string> = new Set([
  'BlockStatement',
  'CatchClause',
  'ForInStatement',
  'ForOfStatement',
  'ForStatement',
])

/** Where a node has names that are no references, or fields that NODE_FIELDS does not list: those to follow. */
const FOLLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ['BreakStatement', []],
  ['ContinueStatement', []],
  ['ExpressionStatement', ['expression']],
  ['ImportDeclaration', []],
  ['ImportExpression', ['source', 'options']],
  ['LabeledStatement', ['body']],
  ['LogicalExpression', ['left', 'right']],
  ['MetaProperty', []],
  ['SequenceExpression', ['expressions']],
  ['TaggedTemplateExpression', ['tag', 'quasi']],
  ['TemplateLiteral', ['expressions']],
])

/**
 * Names of the top level, and of globals, that code refers to by the rules of scopes. Types refer to nothing. Goes
 * without recursion: a deep program must not end the build.
 */
export function usedNames(program: Node, skip: ReadonlySet<object>): ReadonlySet<string> {
  const top: Scope = { names: new Set(), outer: undefined, vars: undefined }
  const references: { readonly name: string; readonly scope: Scope }[] = []
  const pending: Visit[] = nodesIn(program['body']).map((node) => ({ node, scope: top }))
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { scope, declares } = next
    const node = below(next.node)
    if (!isNode(node) || skip.has(node) || isErased(node)) continue
    if (node.type !== 'Identifier') for (const each of visitsIn(node, scope, declares)) pending.push(each)
    else if (declares) declares.names.add(String(node['name']))
    else references.push({ name: String(node['name']), scope })
  }
  return new Set(references.filter(({ name, scope }) => isOfTop(name, scope, top)).map(({ name }) => name))
}

function isOfTop(name: string, from: Scope, top: Scope): boolean {
  let scope: Scope | undefined = from
  while (scope && scope !== top) {
    if (scope.names.has(name)) return false
    scope = scope.outer
  }
  return true
}

function within(outer: Scope, isFunction: boolean): Scope {
  return { names: new Set(), outer, vars: isFunction ? undefined : (outer.vars ?? outer) }
}

function visitsIn(node: Node, scope: Scope, declares: Scope | undefined): readonly Visit[] {
  switch (node.type) {
    case 'VariableDeclaration': {
      const target = node['kind'] === 'var' ? (scope.vars ?? scope) : scope
      return listOf(node['declarations'], scope, target)
    }
    case 'VariableDeclarator':
      return [visit(node['id'], scope, declares), visit(node['init'], scope)]
    case 'FunctionDeclaration':
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
      return ofFunction(node, scope)
    case 'ClassDeclaration':
    case 'ClassExpression': {
      const inner = within(scope, false)
      const names = node.type === 'ClassDeclaration' ? [visit(node['id'], scope, scope)] : []
      return [...names, visit(node['id'], inner, inner), visit(node['superClass'], inner), visit(node['body'], inner)]
    }
    case 'CatchClause': {
      const inner = within(scope, false)
      return [visit(node['param'], inner, inner), visit(node['body'], inner)]
    }
    case 'SwitchStatement':
      return [visit(node['discriminant'], scope), ...listOf(node['cases'], within(scope, false))]
    case 'StaticBlock':
      return listOf(node['body'], within(scope, true))
    case 'AssignmentPattern':
      return [visit(node['left'], scope, declares), visit(node['right'], scope)]
    case 'ArrayPattern':
      return listOf(node['elements'], scope, declares)
    case 'ObjectPattern':
      return listOf(node['properties'], scope, declares)
    case 'RestElement':
      return [visit(node['argument'], scope, declares)]
    case 'Property':
      return [...ofKey(node, 'key', scope), visit(node['value'], scope, declares)]
    case 'MemberExpression':
      return [visit(node['object'], scope), ...ofKey(node, 'property', scope)]
    case 'AccessorProperty':
    case 'MethodDefinition':
    case 'PropertyDefinition':
      return [...ofKey(node, 'key', scope), visit(node['value'], scope)]
    case 'ExportNamedDeclaration': {
      const names = isNode(node['source']) ? [] : listOf(node['specifiers'], scope)
      return [visit(node['declaration'], scope), ...names]
    }
    case 'ExportSpecifier':
      return [visit(node['local'], scope)]
    default: {
      const inner = BLOCKS.has(node.type) ? within(scope, false) : scope
      const fields = FOLLOWED.get(node.type) ?? NODE_FIELDS.get(node.type) ?? []
      return fields.flatMap((field) =>
        Array.isArray(node[field]) ? listOf(node[field], inner) : visit(node[field], inner),
      )
    }
  }
}

/**
 * The name of a function expression is one inside it, that of a declaration one beside it. What parameters are computed
 * from does not see a `var` of the body.
 */
function ofFunction(node: Node, scope: Scope): readonly Visit[] {
  const inner = within(scope, true)
  const params = nodesIn(node['params']).filter((each) => !isThisParameter(each))
  return [
    visit(node['id'], scope, node.type === 'FunctionDeclaration' ? scope : inner),
    ...params.map((each) => visit(each, inner, inner)),
    visit(node['body'], within(inner, true)),
  ]
}

function ofKey(node: Node, field: string, scope: Scope): readonly Visit[] {
  return node['computed'] === true ? [visit(node[field], scope)] : []
}

function listOf(list: unknown, scope: Scope, declares?: Scope): readonly Visit[] {
  return nodesIn(list).map((node) => visit(node, scope, declares))
}

function visit(node: unknown, scope: Scope, declares?: Scope): Visit {
  return { node, scope, ...(declares ? { declares } : {}) }
}
