import { createHash } from 'node:crypto'

/** `h0:` and the SHA-256, in hex, of parts in their canonical form. The prefix names this way of hashing. */
export function hashOf(parts: readonly unknown[]): string {
  return `h0:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`
}
