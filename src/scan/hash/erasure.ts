import { ERASED, isNode, type Node, TRANSPARENT } from './estree.ts'

/** Whether nothing is left of a node when its types are erased. */
export function isErased(node: Node): boolean {
  if (ERASED.has(node.type) || node['declare'] === true) return true
  if (node.type === 'MethodDefinition' || node.type === 'PropertyDefinition')
    return isNode(node['value']) && node['value'].type === 'TSEmptyBodyFunctionExpression'
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true
  if (node.type !== 'ExportNamedDeclaration' && node.type !== 'ExportDefaultDeclaration') return false
  return isNode(node['declaration']) && isErased(node['declaration'])
}

/** The receiver's type, written as a first parameter. */
export function isThisParameter(node: Node): boolean {
  return node.type === 'Identifier' && node['name'] === 'this'
}

export function nodesIn(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The node below type syntax and parentheses. */
export function below(value: unknown): unknown {
  let node = value
  while (isNode(node) && TRANSPARENT.has(node.type)) node = node['expression']
  return node
}
