import type { Applied, Finding, MigrationEvent, Result } from 'unplugin-migrations/runtime'

/** Which of the two calls of `migrate` a line is about. */
export interface OfInstance {
  readonly instance: 'site' | 'avatars'
}

/** A line that the site writes to stdout. */
export type ServerLine =
  | (MigrationEvent & OfInstance)
  | (OfInstance & {
      readonly type: 'migrated'
      readonly outcome: Result['outcome']
      readonly applied: readonly Applied[]
      readonly findings: readonly Finding[]
    })
  | { readonly type: 'stopped' | 'connection-lost'; readonly message: string }
  | { readonly type: 'listening'; readonly url: string }
