import { createHash } from 'node:crypto'
import { compareCodeUnits } from '../../graph/code-units.ts'
import type { Id } from '../../graph/manifest.ts'

/** SHA-256 (hex) over the lines `<id> <hash>\n`, sorted by code units: what a manifest's `digest` is. */
export function digestOf(migrations: readonly { readonly id: Id; readonly hash: string }[]): string {
  const lines = migrations.map(({ id, hash }) => `${id} ${hash}\n`).toSorted(compareCodeUnits)
  return createHash('sha256').update(lines.join('')).digest('hex')
}
