import { createHash } from 'node:crypto'
import { compareCodeUnits } from '../../graph/code-units.ts'
import type { Id, Manifest, ManifestMigration } from '../../graph/manifest.ts'

/**
 * What tells that a storage is up to date, of all that a run has to do and, where something is deferrable, of what it
 * cannot leave to another one. What always runs says nothing about that, and what is held is run on request only.
 */
export function digestsOf(
  migrations: readonly Pick<ManifestMigration, 'id' | 'hash' | 'traits'>[],
  held?: ReadonlySet<Id>,
): Pick<Manifest, 'digest' | 'required'> {
  const due = migrations.filter(({ id, traits }) => !held?.has(id) && traits?.repeatable !== 'always')
  const required = due.filter(({ traits }) => !traits?.deferrable)
  return { digest: digestOf(due), ...(required.length < due.length ? { required: digestOf(required) } : {}) }
}

/** SHA-256 (hex) over the lines `<id> <hash>\n`, sorted by code units. */
function digestOf(migrations: readonly { readonly id: Id; readonly hash: string }[]): string {
  const lines = migrations.map(({ id, hash }) => `${id} ${hash}\n`).toSorted(compareCodeUnits)
  return createHash('sha256').update(lines.join('')).digest('hex')
}
