import type { SqlModule } from '../graph/manifest.ts'
import type { BoundMigration } from './binding.ts'
import { MigrationError, reasonOf } from './errors.ts'
import type { Sql } from './handles.ts'
import type { Migration, Uses } from './migration.ts'

type Roles = Readonly<Record<string, Sql>>

/** What a run calls of a migration. */
export type Loaded = Pick<Migration<Uses>, 'up' | 'verify'>

/** @throws MigrationError `MIG_R0203` when the module throws or offers no `up` */
export async function loadMigration({ migration, roles }: BoundMigration): Promise<Loaded> {
  const { id, format } = migration
  const unloadable = (what: string, cause?: unknown): MigrationError =>
    new MigrationError('MIG_R0203', `${id} ${what}`, { id, cause })
  const sql = roles.find(({ kind }) => kind === 'sql')
  const module = await migration.load(sql?.storage.adapter.dialect).catch((error: unknown) => {
    throw unloadable(`cannot be loaded: ${reasonOf(error)}`, error)
  })
  if (format === 'module') {
    const loaded = shapes(module).find(isMigration)
    if (loaded) return loaded
    throw unloadable('exports no `up`.')
  }
  if (!sql) throw unloadable('is SQL, but uses no role of kind sql.')
  const { up } = (module as SqlModule).default
  return { up: async (context) => (context as unknown as Roles)[sql.role]?.script(up) }
}

/**
 * Where a module may hold its migration: a default export, or its named exports. A CommonJS module seen through a
 * bundler or Node has `module.exports` as its default, which may have a `default` of its own.
 */
function shapes(module: unknown): readonly unknown[] {
  const outer = defaultOf(module)
  return [defaultOf(outer), outer, module]
}

function defaultOf(value: unknown): unknown {
  return (Object(value) as { readonly default?: unknown }).default
}

function isMigration(value: unknown): value is Loaded {
  return typeof (Object(value) as Partial<Loaded>).up === 'function'
}
