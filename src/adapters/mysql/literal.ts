import { MigrationError } from '../../runtime/errors.ts'
import { bindable } from '../sql-handle/bindable.ts'

/**
 * A value as it may stand in a statement. Text is written in hex, so that it means the same whatever the server's
 * `sql_mode` makes of quotes and backslashes (dev.mysql.com/doc/refman/8.4/en/charset-introducer.html).
 */
export function literal(given: unknown): string {
  const value = bindable(given)
  if (value === null) return 'NULL'
  if (typeof value === 'string') return `_utf8mb4 X'${hex(new TextEncoder().encode(value))}'`
  if (value instanceof Uint8Array) return `X'${hex(value)}'`
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new MigrationError('MIG_R0214', `${value} cannot be bound`)
  // After a minus sign a negative number would begin a comment.
  return value < 0 ? `(${value})` : String(value)
}

/** A name that the server has given. */
export function quotedName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
