import type { Entry } from './entry.ts'
import { MigrationError } from './errors.ts'

/** Of a committed `up` entry whose staged work lies in a storage that this run cannot reach. */
export function unboundWork({ id, attempt }: Entry, target: string): MigrationError {
  const text = `${id} staged work in storage ${target}, which is not bound.`
  return new MigrationError('MIG_R0108', text, { id: id ?? undefined, attempt })
}
