import { isNode, type Node } from './estree.ts'
import { below, nodesIn } from './erasure.ts'
import { keyText } from './key-text.ts'

/** Code that asks where it lies. */
export interface Place {
  readonly what: string
  readonly start: number
}

/** Fields of `import.meta` that lead from where the code lies to something else. */
const FIELDS: ReadonlySet<string> = new Set(['url', 'dirname', 'filename', 'resolve', 'glob'])

/** Whether a node, without those below it, asks where the code lies. */
export function placeOf(node: Node): Place | undefined {
  const { type, start } = node
  if (type === 'Identifier' && (node['name'] === '__dirname' || node['name'] === '__filename'))
    return { what: `\`${node['name']}\``, start }
  if (type === 'MemberExpression' && isMeta(node['object'])) return ofField(fieldOf(node), start)
  if (type !== 'VariableDeclarator' || !isNode(node['id']) || !isMeta(node['init'])) return undefined
  const taken = nodesIn(node['id']['properties']).map((property) => String(keyText(property['key'])))
  return ofField(taken.find((name) => FIELDS.has(name)) ?? '', node['init'].start)
}

function ofField(name: string, start: number): Place | undefined {
  return FIELDS.has(name) ? { what: `\`import.meta.${name}\``, start } : undefined
}

function isMeta(value: unknown): value is Node {
  const node = below(value)
  return isNode(node) && node.type === 'MetaProperty' && keyText(node['meta']) === 'import'
}

/** What a name in brackets holds can only be known by executing it. */
function fieldOf(member: Node): string {
  const property = below(member['property'])
  if (!isNode(property) || (member['computed'] === true && property.type !== 'Literal')) return ''
  return String(keyText(property))
}
