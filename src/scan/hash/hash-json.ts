/** JSON without the white space between its parts. What is no JSON counts as it is written. */
export function canonicalJson(text: string): string {
  if (!isJson(text)) return text
  let inString = false
  return text.replaceAll(/\\.|"|[ \t\r\n]+/g, (part) => {
    if (part === '"') inString = !inString
    return inString || part === '"' ? part : ''
  })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
