import { MigrationError } from '../../runtime/errors.ts'
import type { SqlValue } from '../../runtime/handles.ts'

/** A value that a driver can be given. @throws MigrationError `MIG_R0214` for anything else, before a driver guesses */
export function bindable(value: unknown): SqlValue {
  if (value === null || value instanceof Uint8Array) return value
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value
  const name = typeof value === 'object' ? value.constructor.name : typeof value
  throw new MigrationError('MIG_R0214', `A value of type ${name} cannot be bound.`, {
    next: 'convert it to a string, number, bigint, boolean, null or bytes',
  })
}
