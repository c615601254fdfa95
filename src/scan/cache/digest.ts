import { createHash } from 'node:crypto'

/** SHA-256 of a text, in base64. */
export function digestOfText(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}
