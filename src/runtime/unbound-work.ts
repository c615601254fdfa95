import type { Entry } from './entry.ts'
import { MigrationError } from './errors.ts'

/** Of a committed `up` entry whose staged work lies in a storage that this run cannot reach. */
export function unboundWork({ id, attempt }: Entry, target: string): MigrationError {
  return new MigrationError('MIG_R0108', `${id} staged work in storage ${target}, which is not bound.`, {
    ...(id === null ? {} : { id }),
    attempt,
    next: 'bind the storage again and run once; nothing ran',
  })
}
