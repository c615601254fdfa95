import { isNode, type Node } from './estree.ts'
import { below, nodesIn } from './erasure.ts'

/**
 * The operands of a chain of one logical operator, from the left. Formatters write `a && (b && c)` as `a && b && c`,
 * which is the same.
 */
export function operandsOf(node: Node): readonly unknown[] {
  return flat(node, (each) =>
    each.type === 'LogicalExpression' && each['operator'] === node['operator']
      ? [each['left'], each['right']]
      : undefined,
  )
}

/** The expressions of a sequence. Formatters write `((a, b), c)` as `(a, b, c)`, which is the same. */
export function sequenceOf(node: Node): readonly unknown[] {
  return flat(node, (each) => (each.type === 'SequenceExpression' ? nodesIn(each['expressions']) : undefined))
}

function flat(root: Node, partsOf: (node: Node) => readonly unknown[] | undefined): readonly unknown[] {
  const leaves: unknown[] = []
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const next = below(pending.pop())
    const parts = isNode(next) ? partsOf(next) : undefined
    if (parts) for (const part of parts.toReversed()) pending.push(part)
    else leaves.push(next)
  }
  return leaves
}
