import { isNode, type Node } from './estree.ts'
import { below } from './erasure.ts'

/**
 * The operands of a chain of one logical operator, from the left. Formatters write `a && (b && c)` as `a && b && c`,
 * which is the same.
 */
export function operandsOf(node: Node): readonly unknown[] {
  const operands: unknown[] = []
  const pending: unknown[] = [node]
  while (pending.length > 0) {
    const next = below(pending.pop())
    if (isNode(next) && next.type === 'LogicalExpression' && next['operator'] === node['operator'])
      pending.push(next['right'], next['left'])
    else operands.push(next)
  }
  return operands
}
