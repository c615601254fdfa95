import type { Adapter, Scripts } from '../adapter.ts'
import type { BoundMigration } from '../binding.ts'
import type { RunOne } from '../several/storages.ts'
import type { Survey } from '../survey.ts'

/** The scripts of an adapter: those that it brings, or what the manifest brings for its kind of database. */
export type ScriptsOf = (adapter: Adapter) => Scripts | undefined

/**
 * How a plan is run where scripts share messages: like `runOne`, which it calls for all that cannot, but for a script it
 * also runs those that follow it.
 */
export type RunScripts = (plan: Pick<Survey, 'runnable' | 'complete'>, runOne: RunOne) => RunOne

export interface LoadedScript {
  readonly bound: BoundMigration
  readonly text: string
}
