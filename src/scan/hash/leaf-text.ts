/** Most leaves of all trees are the same few names, operators and flags: to quote each again takes a third of writing. */
const known = new Map<unknown, string>()
const MOST_KNOWN = 4096
const LONGEST_KNOWN = 24

/** Texts, numbers and flags, which need not wait for what stands below them. */
export function isLeaf(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

export function leafText(value: unknown): string {
  const before = known.get(value)
  if (before !== undefined) return before
  const text = value === undefined ? 'null ' : `${JSON.stringify(value)} `
  if (text.length <= LONGEST_KNOWN && known.size < MOST_KNOWN) known.set(value, text)
  return text
}
