import type { SqlModule } from '../graph/manifest.ts'
import type { BoundMigration } from './binding.ts'
import { MigrationError, reasonOf } from './errors.ts'
import type { Migration, MigrationContext, Uses } from './migration.ts'

/** What a run calls of a migration. */
export type Loaded = Pick<Migration<Uses>, 'up' | 'verify'>

/** @throws MigrationError `MIG_R0203` when the module throws or offers no `up` */
export async function loadMigration(bound: BoundMigration): Promise<Loaded> {
  const { migration, roles } = bound
  const sql = roles.find(({ kind }) => kind === 'sql')
  let module: unknown
  try {
    module = await migration.load(sql?.storage.adapter.dialect)
  } catch (error) {
    throw unloadable(bound, `cannot be loaded: ${reasonOf(error)}`, error)
  }
  if (migration.format === 'module') {
    const loaded = shapes(module).find(isMigration)
    if (loaded) return loaded
    throw unloadable(bound, 'exports no `up`.')
  }
  const text = (module as SqlModule).default.up
  if (!sql) throw unloadable(bound, 'is SQL, but uses no role of kind sql.')
  return { up: (context) => runScript(context, sql.role, text) }
}

function runScript(context: MigrationContext<Uses>, role: string, text: string): Promise<void> {
  return (context as MigrationContext<{ readonly [name: string]: 'sql' }>)[role]?.script(text) ?? Promise.resolve()
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
  return typeof value === 'object' && value !== null && 'default' in value ? value.default : undefined
}

function isMigration(value: unknown): value is Loaded {
  return typeof value === 'object' && value !== null && 'up' in value && typeof value.up === 'function'
}

function unloadable(bound: BoundMigration, what: string, cause?: unknown): MigrationError {
  return new MigrationError('MIG_R0203', `${bound.migration.id} ${what}`, {
    id: bound.migration.id,
    ...(cause === undefined ? {} : { cause }),
    next: 'mend the module and build again; nothing of it ran',
  })
}
