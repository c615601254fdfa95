const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g

/**
 * Where the value at a path of keys stands in the text of a JSON object, for a frame; the nearest one above it that is
 * there. Goes without recursion: JSON may be nested as deeply as it likes.
 */
export function offsetInJson(text: string, keys: readonly string[]): number {
  let offset = 0
  let depth = 0
  let found = 0
  let previous = ''
  let follows = false
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (follows) {
      offset = index
      found++
      if (found === keys.length || token !== '{') return offset
    }
    // Only the object that was found last is looked into: what lies in others is deeper, or behind its end.
    const isKey = token === ':' && depth === found + 1
    follows = isKey && previous === JSON.stringify(keys[found])
    if (token === '{' || token === '[') depth++
    if (token === '}' || token === ']') depth--
    if (depth <= found && token !== '{' && token !== '[') return offset
    previous = token
  }
  return offset
}
