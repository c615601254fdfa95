import type { Id } from './manifest.ts'

/** The ids that the last build found, as keys. `migrations-env.d.ts`, which the plugin writes, adds them. */
export interface KnownIds {}

/** An id that is asked for: an editor offers those that the last build found, and every other is taken too. */
export type KnownId = (keyof KnownIds & string) | (Id & {})
