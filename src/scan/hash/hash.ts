import { hash } from 'node:crypto'

/**
 * `h1:` and the SHA-256, in hex, of parts in their canonical form. The prefix names this way of hashing: whatever would
 * move a hash that is frozen in the tests needs another one.
 */
export function hashOf(parts: readonly unknown[]): string {
  return `h1:${hash('sha256', JSON.stringify(parts), 'hex')}`
}
