import { sha256 } from './durable.ts'

/** Text that tells whether it is whole: one line of JSON, and a line with the SHA-256 of the first. */
export function seal(value: unknown): string {
  const line = JSON.stringify(value)
  return `${line}\nsha256:${sha256(line)}\n`
}

/** The value that was sealed. @throws Error that says what is wrong, when it is not whole */
export function unseal(text: string): unknown {
  const end = text.indexOf('\n')
  if (end < 0) throw new Error(text === '' ? 'it is empty' : 'it ends in the middle')
  const line = text.slice(0, end)
  if (text.slice(end + 1) !== `sha256:${sha256(line)}\n`) throw new Error('its checksum does not match')
  return JSON.parse(line) as unknown
}
