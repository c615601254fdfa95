import { MigrationError } from '../../runtime/errors.ts'

export const DEFAULT_TABLE = 'unplugin_migrations'

/** Columns of a log in SQL, in the order of `parametersOf`. */
export const COLUMNS = [
  'serial',
  'kind',
  'id',
  'target',
  'generation',
  'hash',
  'attempt',
  'done',
  'satisfied',
  'open',
  'targets',
  'data',
  'at',
] as const

/**
 * The name of a log's table as it may stand in a statement: identifiers cannot be bound, so the grammar is closed.
 *
 * @throws MigrationError `MIG_R0102` for any other name
 */
export function tableName(name: string = DEFAULT_TABLE): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,62}$/.test(name)) return name
  throw new MigrationError('MIG_R0102', `${JSON.stringify(name)} cannot be the name of a log's table.`, {
    next: 'use letters, digits and underscores, at most 63',
  })
}
