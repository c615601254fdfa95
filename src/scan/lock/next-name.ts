/** A name that comes behind `last`: its number counts on, and the words are those of `name`. */
export function nextName(name: string, last: string): string {
  const [, folder = '', digits, words = ''] = /^(.*\/)?(\d+)?(.*)$/s.exec(last) ?? []
  const own = /^(?:.*\/)?\d*(.*)$/s.exec(name)?.[1] ?? words
  if (digits === undefined) return `${last}${own === '' ? '-2' : `-${own.replace(/^[^A-Za-z0-9]+/, '')}`}`
  return `${folder}${String(BigInt(digits) + 1n).padStart(digits.length, '0')}${own}`
}
