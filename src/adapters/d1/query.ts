import { MigrationError } from '../../runtime/errors.ts'
import type { SqlValue } from '../../runtime/handles.ts'
import { bindable } from '../sql-handle/bindable.ts'
import type { D1Query, D1Value } from './database.ts'

/** Every number that D1 is given becomes a REAL, and it takes no bigint. */
const INTEGER = 'CAST(? AS INTEGER)'

/**
 * A tagged template as D1 takes it. Booleans and bigints become integers, as in every SQLite.
 *
 * @throws MigrationError `MIG_R0214` for a value that D1 would store as another, or not at all
 */
export function queryOf(text: TemplateStringsArray, given: readonly SqlValue[]): D1Query {
  const bound = given.map(bind)
  const query = text.reduce((before, part, index) => `${before}${bound[index - 1]?.placeholder ?? ''}${part}`)
  return { text: query, values: bound.map(({ value }) => value) }
}

function bind(given: unknown): { readonly placeholder: string; readonly value: D1Value } {
  const value = bindable(given)
  if (typeof value === 'boolean') return { placeholder: INTEGER, value: value ? 1 : 0 }
  if (typeof value === 'bigint') {
    if (BigInt.asIntN(64, value) !== value) throw new MigrationError('MIG_R0214', `${value} has more than 64 bits`)
    return { placeholder: INTEGER, value: String(value) }
  }
  // They would arrive as null.
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new MigrationError('MIG_R0214', `${value} cannot be bound`)
  // Not a subclass: a Buffer is none of the types that every way to D1 carries.
  return { placeholder: '?', value: value instanceof Uint8Array ? new Uint8Array(value) : value }
}
