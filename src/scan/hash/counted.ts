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
  for (;;) {
    const used = usedNames(program, left)
    const read = [...left].filter((node) => isNode(node) && namesOf(node).some((name) => used.has(name)))
    if (read.length === 0) return { skip: left, used }
    for (const node of read) left.delete(node)
  }
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
