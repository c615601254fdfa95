import { MigrationError } from '../../runtime/errors.ts'

/** Columns of a log in SQL, in the order of `valuesOf`: what people ask for, and the rest as JSON. */
export const COLUMNS = [
  'serial',
  'kind',
  'id',
  'target',
  'generation',
  'hash',
  'attempt',
  'at',
  'done',
  'rest',
] as const

/**
 * The name of a log's table as it may stand in a statement: identifiers cannot be bound, so the grammar is closed.
 *
 * @param name at most 63 letters, digits and underscores
 * @throws MigrationError `MIG_R0102` for any other name
 */
export function tableName(name = 'unplugin_migrations'): string {
  if (/^[a-z_]\w{0,62}$/i.test(name)) return name
  throw new MigrationError('MIG_R0102', `${JSON.stringify(name)} cannot name a table.`)
}
