import { isNode, type Node } from './estree.ts'

/** Whether an import has a list of names, which the tree of `import {} from '…'` does not tell. */
export function hasBraces(statement: Node, source: string): boolean {
  const end = isNode(statement['source']) ? statement['source'].start : statement.end
  return source
    .slice(statement.start, end)
    .replaceAll(/\/\*.*?\*\/|\/\/[^\n\r\u2028\u2029]*/gs, '')
    .includes('{')
}
