import { MigrationError } from '../../runtime/errors.ts'
import type { SqlValue } from '../../runtime/handles.ts'

/** A value that a driver can be given. @throws MigrationError `MIG_R0214` for anything else, before a driver guesses */
export function bindable(value: unknown): SqlValue {
  if (value === null || value instanceof Uint8Array || /^(b|n|st)/.test(typeof value)) return value as SqlValue
  throw new MigrationError('MIG_R0214', `a value: ${typeof value}`)
}
