const NAMED: ReadonlyMap<string, string> = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

/**
 * Writes out whatever a terminal or a log would act on: control bytes (and so ANSI sequences and line breaks), what
 * turns the direction of text, what is not seen, and half characters.
 */
export function escapeControls(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return NAMED.get(character) ?? `\\u{${code.toString(16)}}`
  })
}
