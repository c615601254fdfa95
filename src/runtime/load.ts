import type { SqlModule } from '../graph/manifest.ts'
import type { BoundMigration } from './binding.ts'
import { MigrationError, reasonOf } from './errors.ts'
import type { Sql } from './handles.ts'
import type { Migration, Uses } from './migration.ts'

/** What a run calls of a migration. */
export type Loaded = Pick<Migration<Uses>, 'up' | 'verify'>

/**
 * Where a module may hold its migration: a default export, or its named exports. A CommonJS module seen through a
 * bundler or Node has `module.exports` as its default, which may have a `default` of its own.
 */
type Module = Partial<Loaded> & { readonly default?: Module }

type Handles = Readonly<Record<string, Sql>>

/** @throws MigrationError `MIG_R0203` when the module throws or offers no `up` */
export async function loadMigration({ migration, roles }: BoundMigration): Promise<Loaded> {
  const { id, format } = migration
  const sql = roles.find(({ kind }) => kind === 'sql')
  try {
    const module = await migration.load(sql?.storage.adapter.dialect)
    if (format === 'sql' && sql) {
      const { up } = (module as SqlModule).default
      return { up: async (context) => (context as unknown as Handles)[sql.role]?.script(up) }
    }
    const outer = (module as Module).default
    const loaded = [outer?.default, outer, module as Module].find((shape) => typeof shape?.up === 'function')
    if (loaded) return loaded as Loaded
    throw new TypeError('exports no `up`')
  } catch (cause) {
    throw new MigrationError('MIG_R0203', reasonOf(cause), { id, cause })
  }
}
