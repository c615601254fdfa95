import { type Expression, type Node, type Program, type TSTypeName, Visitor } from 'oxc-parser'

/** What a statement of a `.d.ts` file declares. */
export function namesOf(node: Node): readonly string[] {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []))
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSModuleDeclaration':
      return node.id && 'name' in node.id ? [node.id.name] : []
    default:
      return []
  }
}

/** Of one side of `{ a as b }`. */
export function nameOf(node: { readonly name: string } | { readonly value: string }): string {
  return 'name' in node ? node.name : node.value
}

/** The keys of constants whose type is an object that is written out. */
export function keysIn(node: Node): readonly string[] {
  const types = node.type === 'VariableDeclaration' ? node.declarations.map(({ id }) => id.typeAnnotation) : []
  return types.flatMap((type) =>
    type?.typeAnnotation.type === 'TSTypeLiteral'
      ? type.typeAnnotation.members.flatMap((member) =>
          member.type === 'TSPropertySignature' && member.key.type === 'Identifier' ? [member.key.name] : [],
        )
      : [],
  )
}

/** Names that stand where a type, or the type of a value, is meant, and where. */
export function mentionsIn(program: Program): readonly { readonly name: string; readonly at: number }[] {
  const found: { readonly name: string; readonly at: number }[] = []
  const add = (name: TSTypeName | Expression): void => {
    if (name.type === 'TSQualifiedName') add(name.left)
    if (name.type === 'Identifier') found.push({ name: name.name, at: name.start })
  }
  const visitor = new Visitor({
    TSTypeReference: ({ typeName }) => add(typeName),
    TSTypeQuery: ({ exprName }) => exprName.type !== 'TSImportType' && add(exprName),
    TSInterfaceHeritage: ({ expression }) => add(expression),
    TSClassImplements: ({ expression }) => add(expression),
    ClassDeclaration: ({ superClass }) => superClass && add(superClass),
  })
  visitor.visit(program)
  return found
}
