import { hash } from 'node:crypto'

/** SHA-256 of a text, in base64. */
export function digestOfText(text: string): string {
  return hash('sha256', text, 'base64')
}
