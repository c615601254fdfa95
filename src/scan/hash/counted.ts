import { isNode, type Node } from './estree.ts'
import { nodesIn } from './erasure.ts'
import { usedNames } from './used-names.ts'

/** What a module leaves out of its hash, and the names of its top level that the rest refers to. */
export interface Counted {
  readonly skip: ReadonlySet<object>
  readonly used: ReadonlySet<string>
}

/** A field that does not count by itself counts where code reads it by its name. */
export function countedOf(program: Node, skip: ReadonlySet<object>): Counted {
  const left = new Set(skip)
  if (!asksForNames(program, left)) return { skip, used: new Set() }
  for (;;) {
    const used = usedNames(program, left)
    const read = [...left].filter((node) => isNode(node) && namesOf(node).some((name) => used.has(name)))
    if (read.length === 0) return { skip: left, used }
    for (const node of read) left.delete(node)
  }
}

/** Whether it matters which names are used: most migrations need not be walked for it. */
function asksForNames(program: Node, skip: ReadonlySet<object>): boolean {
  const imports = nodesIn(program['body']).some((statement) => nodesIn(statement['specifiers']).some(isImported))
  return imports || [...skip].some((node) => isNode(node) && namesOf(node).length > 0)
}

function isImported({ type }: Node): boolean {
  return type === 'ImportSpecifier' || type === 'ImportDefaultSpecifier' || type === 'ImportNamespaceSpecifier'
}

/** Names that a skipped declaration declares. */
function namesOf(node: Node): readonly string[] {
  if (node.type === 'VariableDeclarator') {
    const { id } = node
    return isNode(id) && id.type === 'Identifier' ? [String(id['name'])] : []
  }
  const { declaration } = node
  return isNode(declaration) ? nodesIn(declaration['declarations']).flatMap(namesOf) : []
}
