import type { ExportNamedDeclaration, Expression, Program } from 'oxc-parser'
import { keyName } from './literal.ts'
import { type Member, type Members, type TopLevel, topLevelNames } from './members.ts'
import { definingNames, objectMembers, objectOf } from './object-members.ts'

/** The fields of an ES module: those of its default export, else its named exports. */
export function esmMembers(program: Program): Members {
  const names = topLevelNames(program)
  const named: Member[] = []
  const unreadable: { start: number; what: string }[] = []
  let main: { readonly start: number; readonly value?: Expression } | undefined
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration } = statement
      const value = isExpression(declaration) ? declaration : undefined
      main = { start: declaration.start, ...(value ? { value } : {}) }
    }
    if (statement.type === 'ExportAllDeclaration' && statement.exportKind === 'value')
      unreadable.push({ start: statement.start, what: '`export *`' })
    if (statement.type === 'ExportNamedDeclaration' && statement.exportKind === 'value')
      named.push(...exported(statement, names, unreadable))
  }
  const asDefault = named.find(({ name }) => name === 'default')
  if (asDefault) main = { start: asDefault.start, ...(asDefault.value ? { value: asDefault.value } : {}) }
  if (!main) return { members: named, beside: [], unreadable }
  const object = main.value && objectOf(main.value, names, definingNames(program))
  const beside = named.filter((member) => member !== asDefault)
  if (!object) return { members: [], beside, unreadable: [{ start: main.start, what: 'this default export' }] }
  return { ...objectMembers(object, names), beside }
}

function exported(
  statement: ExportNamedDeclaration,
  names: ReadonlyMap<string, TopLevel>,
  unreadable: { start: number; what: string }[],
): readonly Member[] {
  const { declaration, specifiers, source } = statement
  if (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') {
    const { id } = declaration
    if (!id) return []
    return [
      {
        name: id.name,
        start: id.start,
        kind: declaration.type === 'FunctionDeclaration' ? 'function' : 're-export',
        nodes: [statement],
      },
    ]
  }
  if (declaration?.type === 'VariableDeclaration') {
    const members: Member[] = []
    for (const declarator of declaration.declarations) {
      const { id, init } = declarator
      const nodes = declaration.declarations.length === 1 ? [statement] : [declarator]
      if (id.type !== 'Identifier') unreadable.push({ start: id.start, what: 'a pattern' })
      else
        members.push({
          name: id.name,
          start: id.start,
          nodes,
          ...(init ? { kind: 'value', value: init } : { kind: 're-export' }),
        })
    }
    return members
  }
  return specifiers
    .filter(({ exportKind }) => exportKind === 'value')
    .map((specifier): Member => {
      const name = keyName(specifier.exported) ?? ''
      const local = source ? undefined : names.get(keyName(specifier.local) ?? '')
      const nodes = local ? [specifier, local.node] : [specifier]
      if (local?.value) return { name, start: specifier.start, kind: 'value', value: local.value, nodes }
      return { name, start: specifier.start, kind: local ? 'function' : 're-export', nodes }
    })
}

function isExpression(node: { readonly type: string }): node is Expression {
  return !['FunctionDeclaration', 'ClassDeclaration', 'TSInterfaceDeclaration', 'TSDeclareFunction'].includes(node.type)
}
