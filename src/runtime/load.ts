import type { SqlModule } from '../graph/manifest.ts'
import type { BoundMigration } from './binding.ts'
import { MigrationError, reasonOf } from './errors.ts'
import type { Json, Sql } from './handles.ts'
import type { MigrationContext, Uses } from './migration.ts'

export type Work<Answer = void> = (context: MigrationContext<Uses>) => Promise<Answer>

/** What a run calls of a migration. */
export interface Loaded {
  readonly up?: Work | undefined
  readonly down?: false | Work
  readonly when?: Work<boolean> | undefined
  readonly probe?: Work<boolean> | undefined
  readonly verify?: Work | undefined
  readonly steps?: readonly LoadedStep[]
}

export interface LoadedStep extends Pick<Loaded, 'down' | 'probe'> {
  readonly name: string
  up(context: MigrationContext<Uses> & { readonly checkpoint: Json | undefined }): Promise<Json | undefined>
}

/**
 * Where a module may hold its migration: a default export, or its named exports. A CommonJS module seen through a
 * bundler or Node has `module.exports` as its default, which may have a `default` of its own.
 */
type Module = Loaded & { readonly default?: Module }

type Handles = Readonly<Record<string, Sql>>

/** @throws MigrationError `MIG_R0203` when the module throws or offers no `up` */
export async function loadMigration({ migration, roles }: BoundMigration): Promise<Loaded> {
  const { id, format } = migration
  const sql = roles.find(({ kind }) => kind === 'sql')
  try {
    const module = await migration.load(sql?.storage.adapter.dialect)
    if (format === 'sql' && sql) {
      const { up, down = '' } = (module as SqlModule).default
      const script = (text: string): Work => {
        return async (context) => (context as unknown as Handles)[sql.role]?.script(text)
      }
      return { up: script(up), down: script(down) }
    }
    const outer = (module as Module).default
    const loaded = [outer?.default, outer, module as Module].find((shape) => shape?.up ?? shape?.steps)
    if (loaded) return loaded
    throw new TypeError('no `up`')
  } catch (cause) {
    throw new MigrationError('MIG_R0203', reasonOf(cause), { id, cause })
  }
}
