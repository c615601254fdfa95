import type { Applied, Finding, MigrationEvent, Result } from 'unplugin-migrations/runtime'

/** A line that the site writes to stdout. */
export type ServerLine =
  | MigrationEvent
  | {
      readonly type: 'migrated'
      readonly outcome: Result['outcome']
      readonly applied: readonly Applied[]
      readonly findings: readonly Finding[]
    }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'listening'; readonly url: string }
