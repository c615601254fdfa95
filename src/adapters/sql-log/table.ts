import { MigrationError } from '../../runtime/errors.ts'

/**
 * The name of a log's table as it may stand in a statement: identifiers cannot be bound, so the grammar is closed.
 *
 * @param name at most 63 letters, digits and underscores
 * @throws MigrationError `MIG_R0102` for any other name
 */
export function tableName(name = 'unplugin_migrations'): string {
  if (/^[a-z_]\w{0,62}$/i.test(name)) return name
  throw new MigrationError('MIG_R0102', `table "${name}"`)
}
