/** A quote stands for the text that it begins. */
const TOKEN = /["{}[\],:]|[^\s{}[\],:"]+/g

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
  for (const { token, index } of tokensOf(text)) {
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

function* tokensOf(text: string): Generator<{ readonly token: string; readonly index: number }> {
  let end = 0
  for (;;) {
    TOKEN.lastIndex = end
    const next = TOKEN.exec(text)
    if (!next) return
    const { index } = next
    end = next[0] === '"' ? endOfText(text, index) : TOKEN.lastIndex
    yield { token: text.slice(index, end), index }
  }
}

/** Behind its closing quote. By steps: a regular expression ends the stack on megabytes of it. */
function endOfText(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at + 1
}
