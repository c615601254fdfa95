/** SQL as it is hashed and run: without a byte order mark, with LF, so that a checkout on another system is the same. */
export function normalizeSql(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
}
