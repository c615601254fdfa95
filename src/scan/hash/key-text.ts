import { isNode } from './estree.ts'

/** A key, however it is quoted. `#private` stays a node: it is another key than the text '#private'. */
export function keyText(key: unknown): unknown {
  if (!isNode(key)) return key
  if (key.type === 'Identifier') return key['name']
  return key.type === 'Literal' ? String(key['bigint'] ?? key['value']) : key
}
